using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Redaction.Exceptions;

namespace SecurityAudit.Tests.Redaction;

public sealed class ExceptionMessageTests
{
    private static readonly ErrorText Shared = Texts(time: new SteppingTime());

    private static string? TextOf(ErrorText texts, Exception exception) =>
        texts.MessageOf(exception, StackHash.Of(exception), CultureInfo.GetCultureInfo("en"))?.ToString();

    private static ErrorText Texts(ExceptionMessages choice = ExceptionMessages.Constant, TimeProvider? time = null) =>
        new(Options.Create(new SecurityAuditOptions { ExceptionMessages = choice }), time ?? TimeProvider.System);

    public static TheoryData<string, string?> Constants => new()
    {
        { "apostrophe", "Couldn't open the vault with '…'" },
        { "two values", "Duplicate key '…' in row …" },
        { "parentheses", "The owner (of the account (…)) is unknown" },
        { "no quotes", "Somebody tried to sign in with the password …" },
        { "format", "The key … opens no door, …" },
        { "assignment", "Cannot connect: Server=db;Password=…" },
        { "passphrase", "…" },
        { "header", "…" },
        { "value alone", "…" },
        { "parse", "The input string '…' was not in a correct format." },
        { "dictionary", "The given key '…' was not present in the dictionary." },
        { "argument", "The card number … has no check digit (Parameter '…')" },
        { "JSON", "The JSON value could not be converted to … Path: … | LineNumber: … | BytePositionInLine: …" },
        { "aggregate", "One or more errors occurred. (Couldn't open the vault with '…'Somebody tried to sign in with the password …)" },
        { "inner", "Saving has failed: Couldn't open the vault with '…'" },
        { "database", "SQLite Error …" },
        { "file", "Could not find a part of the path '…'" },
        { "connection string in the program", "…" },
        { "key in the program", "…" },
    };

    [Theory]
    [MemberData(nameof(Constants))]
    public void OfAMessageOnlyWhatIsConstantInTheProgramIsRecorded(string place, string? expected)
    {
        // Made at run time: what stands in this file as a literal is a constant of this program.
        foreach (var value in new[] { "§", "it's §", "a (§ (b)) c", "with '§' on page §", "§; x=§", "„§“ ‘§’", "7§" })
        {
            var text = TextOf(Shared, Throwing.By(place, value.Replace("§", "hunter2", StringComparison.Ordinal)));

            Assert.Equal(expected, text);
            Assert.DoesNotContain("hunter2", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void EveryPlaceThatThrowsIsInTheTable() =>
        Assert.Equal(Throwing.Places.Keys.Order(StringComparer.Ordinal), Constants.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("a")]
    [InlineData("my user from h§ll is not h§r§")]
    [InlineData("corr§ct hors§ batt§ry stapl§")]
    [InlineData("Monday")]
    [InlineData("password")]
    [InlineData("System.String")]
    [InlineData("in row of th§")]
    [InlineData("T r o u b a d § u r")]
    public void NoSecretIsSpeltFromTheLettersAndWordsThatProgramsAreFullOf(string secret)
    {
        secret = secret.Replace('§', 'e');
        Assert.Equal("…", TextOf(Shared, Throwing.By("value alone", secret)));
        Assert.Equal("Couldn't open the vault with '…'", TextOf(Shared, Throwing.By("apostrophe", secret)));
    }

    [Fact]
    public void APartOfAValueThatEqualsAWholePhraseOfTheProgramIsNotToldFromIt()
    {
        // What remains: the owner who cannot bear it leaves the message out with SecurityAuditOptions.Redact.
        var value = string.Join("", "hunter2", "' in row ", "hunter2");

        Assert.Equal("…' in row …", TextOf(Shared, Throwing.By("value alone", value)));
    }

    [Fact]
    public void WhatOnceWasAShapeIsNeverAValue()
    {
        var texts = Texts();

        TextOf(texts, Throwing.By("apostrophe", "first"));

        Assert.Equal("Couldn't open the vault with '…'", TextOf(texts, Throwing.By("apostrophe", string.Join(' ', "second", "Couldn't", "open"))));
        Assert.Equal("Couldn't open the vault with '…'", TextOf(texts, Throwing.By("apostrophe", string.Join(' ', "'", "x", "'"))));
    }

    [Fact]
    public void ADynamicAssemblyTellsNothing()
    {
        // Type and message both come from an assembly that is made at run time: there is no metadata to read.
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("made"), AssemblyBuilderAccess.RunAndCollect).DefineDynamicModule("made");
        var type = module.DefineType("MadeException", TypeAttributes.Public, typeof(Exception));
        var body = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]).GetILGenerator();
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Ldarg_1);
        body.Emit(OpCodes.Call, typeof(Exception).GetConstructor([typeof(string)])!);
        body.Emit(OpCodes.Ret);
        var exception = (Exception)Activator.CreateInstance(type.CreateType(), Throwing.By("apostrophe", "x").Message)!;

        Assert.Null(TextOf(Shared, exception));
    }

    [Fact]
    public void AFloodOfDifferentMessagesIsWorkedOutABoundedNumberOfTimes()
    {
        var texts = Texts(time: new FakeTimeProvider());

        var told = Enumerable.Range(0, 500).Count(number => TextOf(texts, Throwing.By("value alone", $"{new string('x', number)} {number}")) is not null);
        var known = Enumerable.Range(0, 500).Count(number => TextOf(texts, Throwing.By("value alone", $"hunter{number}")) is not null);

        Assert.Equal(100, told);
        Assert.Equal(0, known);
    }

    [Fact]
    public void MessagesOfAKnownShapeAreToldHoweverManyThereAre()
    {
        var texts = Texts(time: new FakeTimeProvider());

        Assert.All(Enumerable.Range(0, 500), number => Assert.Equal("Couldn't open the vault with '…'", TextOf(texts, Throwing.By("apostrophe", $"hunter{number}"))));
    }

    [Theory]
    [InlineData(ExceptionMessages.Constant, "Cannot find the order ….")]
    [InlineData(ExceptionMessages.Masked, "Cannot find the order #.")]
    [InlineData(ExceptionMessages.Whole, "Cannot find the order 4711.")]
    public async Task TheOwnerChoosesWhatOfAMessageIsRecorded(ExceptionMessages choice, string expected)
    {
        var order = 4711;
        await using var app = await RecordedApp.Start(
            web => web.MapGet("/fail", string () => throw new InvalidOperationException($"Cannot find the order {order}.")),
            audit => audit.Configure(options => options.ExceptionMessages = choice));

        await app.Client.GetAsync("/fail");

        Assert.Equal(expected.Replace("order ….", "order …", StringComparison.Ordinal), (await app.Event("app_exception")).Text("error.message"));
    }

    [Fact]
    public async Task AnExceptionWhoseOwnCodeThrowsIsRecordedWithItsType()
    {
        await using var app = await RecordedApp.Start(web => web.MapGet("/fail", string () => throw new HostileException()));

        await app.Client.GetAsync("/fail");

        var failed = await app.Event("app_exception");
        Assert.Equal(typeof(HostileException).FullName, failed.Text("error.type"));
        Assert.Null(failed.Text("error.message"));
    }

    /// <summary>A second later each time that it is asked: an allowance never runs out.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Interlocked.Increment(ref _now);
    }

    private sealed class HostileException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");
    }
}
