using SecurityAudit.Recording;

namespace SecurityAudit.Capture;

/// <summary>All who hear of what is recorded. One that fails keeps none of the others from it: the event is on record, whatever becomes of what is made of it.</summary>
internal sealed class GuardedObservers(IEnumerable<IEventObserver> observers, HookFailures failures) : IEventObserver
{
    private readonly IEventObserver[] _observers = [.. observers];

    public void Observe(SecurityEvent recorded)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.Observe(recorded);
            }
            catch (Exception failure)
            {
                failures.Failed(observer, failure);
            }
        }
    }
}
