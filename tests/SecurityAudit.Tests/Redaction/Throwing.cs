using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace SecurityAudit.Tests.Redaction;

/// <summary>What applications and the framework throw with a value in the message, each in another way.</summary>
internal static class Throwing
{
    public static readonly Dictionary<string, Action<string>> Places = new(StringComparer.Ordinal)
    {
        ["apostrophe"] = value => throw new InvalidOperationException($"Couldn't open the vault with '{value}'"),
        ["two values"] = value => throw new InvalidOperationException($"Duplicate key '{value}' in row {value.Length} of \"{value}\""),
        ["parentheses"] = value => throw new InvalidOperationException($"The owner (of the account ({value})) is unknown"),
        ["no quotes"] = value => throw new InvalidOperationException("Somebody tried to sign in with the password " + value),
        ["format"] = value => throw new InvalidOperationException(string.Format(CultureInfo.InvariantCulture, "The key {0} opens no door, {1} tried", value, value)),
        ["assignment"] = value => throw new InvalidOperationException($"Cannot connect: Server=db;Password={value};Encrypt=true"),
        ["passphrase"] = value => throw new InvalidOperationException($"passphrase={value}"),
        ["header"] = value => throw new InvalidOperationException($"Cookie: .AspNetCore={value}"),
        ["value alone"] = value => throw new InvalidOperationException(value),
        ["parse"] = value => int.Parse(value, CultureInfo.InvariantCulture),
        ["dictionary"] = value => _ = new Dictionary<string, int>()[value],
        ["argument"] = value => throw new ArgumentException($"The card number {value} has no check digit", value),
        ["JSON"] = value => JsonSerializer.Deserialize<int[]>($"[\"{JsonEncodedText.Encode(value)}\"]"),
        ["aggregate"] = value => throw new AggregateException(By("apostrophe", value), By("no quotes", value)),
        ["inner"] = value =>
        {
            try
            {
                Places!["apostrophe"](value);
            }
            catch (InvalidOperationException inner)
            {
                throw new NotSupportedException("Saving has failed: " + inner.Message, inner);
            }
        },
        ["database"] = value =>
        {
            using var connection = new SqliteConnection("Data Source=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT * FROM nothing WHERE name = '" + value;
            command.ExecuteNonQuery();
        },
        ["file"] = value => File.ReadAllText("/nowhere/" + value),
        ["connection string in the program"] = _ => throw new InvalidOperationException("Cannot open Server=db; User Id=sa; Password=hunter2; Encrypt=true now"),
        ["key in the program"] = _ => throw new InvalidOperationException("The service refused the key sk4Live9Zz81hunter2Abc of the shop"),
    };

    public static Exception By(string place, string value)
    {
        try
        {
            Places[place](value);
        }
        catch (Exception thrown)
        {
            return thrown;
        }

        throw new InvalidOperationException($"'{place}' threw nothing.");
    }
}
