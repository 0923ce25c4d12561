using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Hosting;
using SecurityAudit.Responses;

namespace SecurityAudit.Tests.Responses;

public sealed class ResponseOptionsTests
{
    [Fact]
    public void EverythingIsOffByDefault()
    {
        var options = new SecurityAuditOptions().Response;

        Assert.Equal(
            (false, false, 429, TimeSpan.FromMinutes(15)),
            (options.BlockSource.Enabled, options.EndSessions.Enabled, options.BlockSource.StatusCode, options.BlockSource.Duration));
    }

    [Theory]
    [InlineData("NeverBlock:0", "the office", "SecurityAudit:Response:NeverBlock has 'the office', expected an address or a network such as 10.0.0.0/8.")]
    [InlineData("BlockSource:Duration", "2.00:00:00", "SecurityAudit:Response:BlockSource:Duration is 2.00:00:00, expected 00:01:00 to 1.00:00:00.")]
    [InlineData("BlockSource:StatusCode", "200", "SecurityAudit:Response:BlockSource:StatusCode is 200, expected 429 or 403.")]
    [InlineData("BlockSource:Rules:0", "distributed_brute_force", "SecurityAudit:Response:BlockSource:Rules has 'distributed_brute_force', whose events have no address in common")]
    [InlineData("BlockSource:Rules:0", "brute_farce", "SecurityAudit:Response:BlockSource:Rules has 'brute_farce', which is no rule; expected one of attack_tool, ")]
    [InlineData("EndSessions:Rules:0", "brute_force", "EndSessions:Rules has 'brute_force', which counts attempts: whoever types a name would sign its owner out")]
    [InlineData("EndSessions:Rules:0", "honeytoken", "SecurityAudit:Response:EndSessions:Rules has 'honeytoken', which counts attempts")]
    [InlineData("BlockSource:Minutes", "15", "BlockSource:Minutes is not an option, expected one of Enabled, Rules, Duration, StatusCode, IncludePrivateNetworks.")]
    public void WhatCannotBeMeantIsAFaultOfTheOptions(string key, string value, string fault) => Assert.Contains(fault, Faults((key, value)), StringComparison.Ordinal);

    [Fact]
    public void AnAnswerToAlertsThatNobodyRaisesIsAFault()
    {
        Assert.Contains(
            "SecurityAudit:Response answers alerts, and SecurityAudit:Detection:Enabled is false",
            Faults(("BlockSource:Enabled", "true"), ("../Detection:Enabled", "false")), StringComparison.Ordinal);
        Assert.Contains(
            "SecurityAudit:Response:BlockSource:Rules has 'attack_tool', which is switched off",
            Faults(("BlockSource:Rules:0", "attack_tool"), ("../Detection:Rules:attack_tool:Enabled", "false")), StringComparison.Ordinal);
    }

    [Fact]
    public void EachRuleThatBlocksByDefaultCountsBySourceAndNoneThatEndsSessionsCountsAttempts()
    {
        Assert.All(ResponseRules.UsualBlocking, id => Assert.All(RuleCatalogue.BuiltIn[id].When, condition => Assert.True(ResponseRules.IsOfOneSource(condition))));
        Assert.All(ResponseRules.UsualSessions, id => Assert.False(ResponseRules.CountsAttempts(RuleCatalogue.BuiltIn[id])));
    }

    private static string Faults(params (string Key, string Value)[] settings)
    {
        var section = new OptionsSection(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(
            setting.Key.StartsWith("../", StringComparison.Ordinal) ? $"SecurityAudit:{setting.Key[3..]}" : $"SecurityAudit:Response:{setting.Key}",
            (string?)setting.Value))).Build());
        var options = new SecurityAuditOptions();
        section.Configure(options);
        return new OptionsValidator(section).Validate(Options.DefaultName, options).FailureMessage ?? "";
    }
}
