using System.Net;
using System.Security.Claims;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Refusal;

namespace SecurityAudit.Tests.Capture;

public sealed class ProtectionKeyTests : IDisposable
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("sa-keys-");

    public void Dispose() => _keys.Delete(recursive: true);

    [Fact]
    public async Task ADataProtectionKeyMadeRevokedOrDeletedIsRecordedByItsIdAndNeverWithTheKey()
    {
        await using var app = await Start(manager: inner => new Deletable(inner, _keys));
        await app.Client.GetStringAsync("/login");

        var id = await app.Client.GetStringAsync("/make");
        await app.Client.GetStringAsync($"/revoke?id={id}");
        await app.Client.GetStringAsync("/revoke-all");
        var secrets = Secrets();
        Assert.Equal("True", await app.Client.GetStringAsync($"/delete?id={id}"));

        var made = await app.Event("crypt_key_created", e => e.Attribute("key") == id);
        Assert.Equal($"ada made the Data Protection key {id}.", made.Text("message"));
        var revoked = await app.Events("crypt_key_revoked", count: 2);
        Assert.Equal(
            [$"ada revoked the Data Protection key {id}: a backup was lost.", "ada revoked all Data Protection keys made before 2020-01-02T03:04:05Z: all of them."],
            revoked.Select(e => e.Text("message")));
        var deleted = await app.Event("crypt_key_deleted");
        Assert.Equal($"ada deleted the Data Protection key {id}.", deleted.Text("message"));
        Assert.All([made, .. revoked, deleted], e => Assert.Equal("1", e.Text("user.id")));
        Assert.All([made, .. revoked, deleted], e => Assert.Equal("success", e.Text("event.outcome")));
        Assert.NotEmpty(secrets);
        Assert.All(secrets, secret => Assert.DoesNotContain(
            JournalEvents.ReadAll(app.Directory), e => e.GetRawText().Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WhatTheKeyRingMakesAtTheStartIsTheApplicationsOwnDeed()
    {
        await using var app = await Start();

        var made = await app.Event("crypt_key_created");

        Assert.Equal(Path.GetFileNameWithoutExtension(Assert.Single(_keys.GetFiles("key-*")).Name), "key-" + made.Attribute("key"));
        Assert.Equal($"The application made the Data Protection key {made.Attribute("key")}.", made.Text("message"));
        Assert.Null(made.Text("user.id"));
    }

    [Fact]
    public async Task WhatTheKeyRingMakesInTheMidstOfARequestIsNotTheDeedOfWhoeverIsSignedIn()
    {
        await using var app = await Start();
        await app.Client.GetStringAsync("/login");

        var id = await app.Client.GetStringAsync("/revoke-current-and-protect");

        var made = await app.Event("crypt_key_created", e => e.Attribute("key") == id);
        Assert.Equal($"The application made the Data Protection key {id}.", made.Text("message"));
        Assert.Null(made.Text("user.id"));
        Assert.Equal("1", (await app.Event("crypt_key_revoked")).Text("user.id"));
    }

    [Fact]
    public async Task AKeyThatCouldNotBeRevokedIsRecordedAsAFailure()
    {
        await using var app = await Start();
        var id = await app.Client.GetStringAsync("/make");
        _keys.Delete(recursive: true);
        await File.WriteAllTextAsync(_keys.FullName, "in the way", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, (await app.Client.GetAsync($"/revoke?id={id}")).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await app.Client.GetAsync("/make")).StatusCode);

        File.Delete(_keys.FullName);
        _keys.Create();
        var revoked = await app.Event("crypt_key_revoked");
        Assert.Equal("failure", revoked.Text("event.outcome"));
        Assert.Equal("System.IO.IOException", revoked.Text("event.reason"));
        Assert.Equal(id, revoked.Attribute("key"));
        var made = await app.Event("crypt_key_created", e => e.Text("event.outcome") == "failure");
        Assert.Equal("Somebody not signed in could not make a Data Protection key: System.IO.IOException.", made.Text("message"));
    }

    [Fact]
    public async Task WhereTheOwnerChoseRefuseNoKeyIsMadeOrRevokedThatIsNotRecorded()
    {
        await using var app = await Start(BrokenJournal.Refuse, inner => new Deletable(inner, _keys));
        var before = _keys.GetFiles().Length;
        await BrokenJournal.Down(app.Services);

        foreach (var path in (string[])["/make", $"/revoke?id={Guid.Empty}", "/revoke-all", $"/delete?id={Guid.Empty}"])
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.Client.GetAsync(path)).StatusCode);
        }

        Assert.Equal(before, _keys.GetFiles().Length);
    }

    [Fact]
    public async Task AnApplicationThatProtectsNothingGetsNoKeysAndNoGap()
    {
        await using var app = await RecordedApp.Start(_ => { }, buildAfter: _ => { });

        Assert.Null(app.Services.GetService<IKeyManager>());
        var coverage = await app.Event("audit_coverage");
        Assert.DoesNotContain("protection_keys", coverage.Texts("security_audit.coverage.captured"));
        Assert.Empty(coverage.Texts("security_audit.coverage.missing"));
    }

    [Fact]
    public async Task AKeyThatIsStillThereIsNotSaidToBeDeleted()
    {
        await using var app = await Start(manager: inner => new Deletable(inner, _keys) { IsStuck = true });
        var id = await app.Client.GetStringAsync("/make");

        Assert.Equal("False", await app.Client.GetStringAsync($"/delete?id={id}"));

        var deleted = await app.Event("crypt_key_deleted");
        Assert.Equal("failure", deleted.Text("event.outcome"));
        Assert.Equal($"Somebody not signed in could not delete the Data Protection key {id}: the key is still there.", deleted.Text("message"));
    }

    [Fact]
    public async Task TheFrameworksManagerWhichCannotDeleteKeysDoesNotSeemTo()
    {
        await using var app = await Start();

        Assert.Equal(
            typeof(XmlKeyManager).IsAssignableTo(typeof(IDeletableKeyManager)), app.Services.GetRequiredService<IKeyManager>() is IDeletableKeyManager);
        Assert.Contains("protection_keys", (await app.Event("audit_coverage")).Texts("security_audit.coverage.captured"));
    }

    private List<string> Secrets() =>
        [.. _keys.GetFiles("key-*").SelectMany(file => XDocument.Load(file.FullName).Descendants("value")).Select(value => value.Value)];

    private Task<RecordedApp> Start(Action<SecurityAuditBuilder>? audit = null, Func<IKeyManager, IKeyManager>? manager = null) => RecordedApp.Start(
        web =>
        {
            web.MapGet("/login", () => TypedResults.SignIn(new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim(ClaimTypes.NameIdentifier, "1"), new Claim(ClaimTypes.Name, "ada")], "test"))));
            web.MapGet("/make", (IKeyManager keys) => keys.CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(90)).KeyId.ToString());
            web.MapGet("/revoke", (IKeyManager keys, Guid id) => keys.RevokeKey(id, "a backup was lost"));
            web.MapGet("/revoke-all", (IKeyManager keys) => keys.RevokeAllKeys(new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero), "all of them"));
            web.MapGet("/delete", (IKeyManager keys, Guid id) =>
                ((IDeletableKeyManager)keys).DeleteKeys(key => key.KeyId == id).ToString());
            web.MapGet("/revoke-current-and-protect", async (IKeyManager keys, IDataProtectionProvider protection) =>
            {
                var before = keys.GetAllKeys().Select(key => key.KeyId).ToHashSet();
                foreach (var id in before)
                {
                    keys.RevokeKey(id);
                }

                // The ring that is there serves until the new one is, which is made beside the request that first asked.
                protection.CreateProtector("test").Protect("hunter2");
                var deadline = DateTime.UtcNow.AddSeconds(10);
                while (keys.GetAllKeys().All(key => before.Contains(key.KeyId)))
                {
                    Assert.True(DateTime.UtcNow < deadline, "The key ring made no key within ten seconds.");
                    await Task.Delay(5);
                }

                return keys.GetAllKeys().Single(key => !before.Contains(key.KeyId)).KeyId.ToString();
            });
        },
        audit,
        builder =>
        {
            builder.Services.AddDataProtection().PersistKeysToFileSystem(_keys);
            if (manager is not null)
            {
                var inner = builder.Services.Single(service => service.ServiceType == typeof(IKeyManager));
                builder.Services.Remove(inner);
                builder.Services.AddSingleton(provider => manager((IKeyManager)ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)));
            }
        });

    private sealed class Deletable(IKeyManager inner, DirectoryInfo folder) : IDeletableKeyManager
    {
        public bool IsStuck { get; init; }

        public bool CanDeleteKeys => true;

        public bool DeleteKeys(Func<IKey, bool> shouldDelete)
        {
            foreach (var key in inner.GetAllKeys())
            {
                if (shouldDelete(key) && !IsStuck)
                {
                    File.Delete(Path.Combine(folder.FullName, $"key-{key.KeyId}.xml"));
                }
            }

            return !IsStuck;
        }

        public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => inner.CreateNewKey(activationDate, expirationDate);

        public IReadOnlyCollection<IKey> GetAllKeys() => inner.GetAllKeys();

        public CancellationToken GetCacheExpirationToken() => inner.GetCacheExpirationToken();

        public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => inner.RevokeAllKeys(revocationDate, reason);

        public void RevokeKey(Guid keyId, string? reason = null) => inner.RevokeKey(keyId, reason);
    }
}
