using System.Text.Json;
using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Opening;
using SecurityAudit.Tests.Fields;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>What stands in an engine and in no journal, held against the list of fields.</summary>
public sealed class EngineFieldsTests
{
    [Fact]
    public async Task WhatIsStoredInThePlaceOfARefusedEventHasFieldsOfTheListAlone()
    {
        await using var engine = await StrictEngine.StartAsync();
        engine.Refuse(document => document.Source.AsSpan().IndexOf("envelope"u8) < 0 ? 400 : null);
        using var folder = new TemporaryFolder();
        using var run = new ShippingRun(Some.Log(1), Some.Options(engine.Url), folder.Path);

        await run.ToEndAsync();

        var envelope = ListedFields.Checked(JsonElement.Parse(Assert.Single(engine.Stored).Value));
        Assert.True(envelope.GetProperty(JournalFields.Envelope.Name).GetBoolean());
    }

    [Fact]
    public void TheFieldThatTheEngineWritesIsTheOneOfTheList() =>
        Assert.Equal(AuditFields.Ingested.Name, (string?)IndexTemplates.PipelineBody()["processors"]![0]!["set"]!["field"]);
}
