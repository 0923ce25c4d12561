using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Elasticsearch.Hosting;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Driver;

/// <summary>A web application that is audited and ships, as one call sets it up.</summary>
internal static class Application
{
    public static async Task<WebApplication> StartAsync(string folder, Uri? engine, Action<ElasticsearchOptions> configure)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddSecurityAudit(audit =>
        {
            if (engine is not null)
            {
                audit.ShipToElasticsearch(engine.ToString(), configure);
            }
        });
        var application = builder.Build();
        application.MapGet("/", static () => "hello");
        await application.StartAsync();
        return application;
    }

    public static JournalWriter Journal(this WebApplication application) => application.Services.GetRequiredService<JournalWriter>();

    public static ShippingRecord? Shipped(this WebApplication application) => application.Services.GetRequiredService<ElasticsearchShipping>().Status.Record;

    /// <summary>A payload as the core writes it; one in a hundred has a field that no template knows.</summary>
    public static byte[] Payload(long i) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $$"""{"@timestamp":"{{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","event.id":"{{i:D12}}","event.action":"authn_login_fail","event.kind":"event","event.category":"""
        + $$"""["authentication"],"event.type":["start"],"event.outcome":"failure","event.severity":47,"user.name":"user{{i % 997}}","source.ip":"192.0.2."""
        + $$"""{{i % 250}}","service.name":"shop","url.path":"/account/sign-in","trace.id":"{{i:x32}}","message":"A """
        + $$"""sign-in failed.","security_audit.owasp.level":"WARN"{{(i % 100 == 0 ? ",\"campaign_strange\":\"not a number\"" : "")}}}"""));
}
