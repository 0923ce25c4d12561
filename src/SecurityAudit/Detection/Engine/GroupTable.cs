using System.Security.Cryptography;

namespace SecurityAudit.Detection.Engine;

/// <summary>
/// The groups that one condition watches, so many at most. While there is room each is watched exactly. Beyond that a new one gets in when
/// it was seen more often (<see cref="FrequencySketch"/>) than the least of eight that are taken at random; one whose time is over makes
/// room first.
/// </summary>
/// <remarks>So whoever sends from a million addresses, once each, displaces nobody who comes again.</remarks>
internal sealed class GroupTable(int capacity, FrequencySketch sketch)
{
    private const int Sample = 8;

    private readonly Dictionary<ulong, int> _places = [];
    private readonly List<WatchedGroup> _groups = [];
    private ulong _random = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;

    public int Count => _groups.Count;

    /// <summary>How often a group found no room, or had to make room before its time was over.</summary>
    public long Displaced { get; private set; }

    public WatchedGroup? Find(ulong key) => _places.TryGetValue(key, out var place) ? _groups[place] : null;

    /// <summary>The group; null where there is no room for it now.</summary>
    public WatchedGroup? FindOrAdd(ulong key, long oldest)
    {
        if (Find(key) is { } known)
        {
            return known;
        }

        var score = 0;
        if (_groups.Count >= capacity)
        {
            score = sketch.Add(key);
            if (!MakeRoom(score, oldest))
            {
                return null;
            }
        }

        var added = new WatchedGroup(key) { Score = score };
        _places.Add(key, _groups.Count);
        _groups.Add(added);
        return added;
    }

    public void Remove(WatchedGroup group)
    {
        var place = _places[group.Key];
        _places.Remove(group.Key);
        var last = _groups[^1];
        _groups[place] = last;
        if (last != group)
        {
            _places[last.Key] = place;
        }

        _groups.RemoveAt(_groups.Count - 1);
    }

    /// <summary>Removes the groups whose time is over.</summary>
    public void Expire(long oldest)
    {
        for (var index = _groups.Count - 1; index >= 0; index--)
        {
            if (_groups[index].LastActive < oldest)
            {
                Remove(_groups[index]);
            }
        }
    }

    private bool MakeRoom(int score, long oldest)
    {
        WatchedGroup? least = null;
        var sample = score > 1 ? Sample : 1; // whoever was seen once displaces nobody whose time is not over
        for (var taken = 0; taken < sample; taken++)
        {
            var group = _groups[(int)(Next() % (ulong)_groups.Count)];
            if (group.LastActive < oldest)
            {
                Remove(group);
                return true;
            }

            if (least is null || group.Score < least.Score || (group.Score == least.Score && group.LastActive < least.LastActive))
            {
                least = group;
            }
        }

        Displaced++;
        if (score <= least!.Score)
        {
            return false;
        }

        Remove(least);
        return true;
    }

    private ulong Next()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        return _random;
    }
}
