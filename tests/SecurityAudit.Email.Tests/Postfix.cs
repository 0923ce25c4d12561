using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SecurityAudit.Journal.Tests;

namespace SecurityAudit.Email.Tests;

/// <summary>
/// Debian's Postfix as a process of the test's own, on loopback, from a folder of its own: it takes mail for shop.example alone, on one port
/// with STARTTLS, on one by TLS, on one with neither.
/// </summary>
internal sealed class Postfix : IDisposable
{
    private const string Program = "/usr/sbin/postfix";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-postfix-");
    private DriverProcess? _process;

    public Postfix(string certificateFor = "localhost")
    {
        Assert.SkipUnless(File.Exists(Program), "Postfix is not there (Debian's package 'postfix').");
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may run Postfix.");
        (StartTls, Tls, Plain) = (FreePort(), FreePort(), FreePort());
        MakeCertificate(certificateFor);
        foreach (var folder in new[] { "etc", "queue", "data", "mail" })
        {
            _folder.CreateSubdirectory(folder);
        }

        File.WriteAllText(At("etc/main.cf"), MainConfiguration);
        File.WriteAllText(At("etc/master.cf"), MasterConfiguration);
        Run("chmod", "755", _folder.FullName);
        Run("chown", "postfix", At("data"));
        Run("chown", "65534:65534", At("mail"));
        Start();
    }

    public int StartTls { get; }

    public int Tls { get; }

    public int Plain { get; }

    /// <summary>The certificate of the authority that vouches for the server's.</summary>
    public string Authority => At("authority.pem");

    public void Start()
    {
        _process = DriverProcess.StartProgram(Program, "-c", At("etc"), "start-fg");
        Eventually.True(() => Answers(StartTls) && Answers(Tls) && Answers(Plain), "Postfix to listen");
    }

    public void Stop()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <summary>The mails that were delivered, when there are that many.</summary>
    public IReadOnlyList<MimeMessage> Mails(int count)
    {
        var inbox = At("mail/inbox/new");
        Eventually.True(() => Directory.Exists(inbox) && Directory.GetFiles(inbox).Length >= count, $"{count} mails");
        return [.. Directory.GetFiles(inbox).Select(file => MimeMessage.Load(file))];
    }

    public bool HasMail => Directory.Exists(At("mail/inbox/new")) && Directory.GetFiles(At("mail/inbox/new")).Length > 0;

    public void Dispose()
    {
        Stop();
        Eventually.True(() => !Answers(StartTls), "Postfix to end");
        _folder.Delete(recursive: true);
    }

    private string MainConfiguration => $"""
        compatibility_level = 3.6
        queue_directory = {At("queue")}
        data_directory = {At("data")}
        mail_owner = postfix
        setgid_group = postdrop
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = mail.example
        mydestination =
        smtpd_relay_restrictions = reject_unauth_destination
        alias_maps =
        alias_database =
        virtual_mailbox_domains = shop.example
        virtual_mailbox_base = {At("mail")}
        virtual_mailbox_maps = static:inbox/
        virtual_uid_maps = static:65534
        virtual_gid_maps = static:65534
        virtual_minimum_uid = 1
        smtpd_tls_security_level = may
        smtpd_tls_chain_files = {At("server.pem")}
        maillog_file = {At("maillog")}
        maillog_file_prefixes = {_folder.FullName}

        """;

    private string MasterConfiguration => $"""
        127.0.0.1:{StartTls} inet n - n - - smtpd
        127.0.0.1:{Tls} inet n - n - - smtpd
          -o smtpd_tls_wrappermode=yes
        127.0.0.1:{Plain} inet n - n - - smtpd
          -o smtpd_tls_security_level=none
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        flush unix n - n 1000? 0 flush
        proxymap unix - - n - - proxymap
        error unix - - n - - error
        retry unix - - n - - error
        virtual unix - n n - - virtual
        anvil unix - - n - 1 anvil
        postlog unix-dgram n - n - 1 postlogd

        """;

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void MakeCertificate(string name)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = authority.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var certificate = server.Create(root, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1]);
        File.WriteAllText(At("authority.pem"), root.ExportCertificatePem());
        File.WriteAllText(At("server.pem"), key.ExportPkcs8PrivateKeyPem() + "\n" + certificate.ExportCertificatePem() + "\n");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Answers(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = DriverProcess.StartProgram(program, arguments);
        process.Process.WaitForExit();
        Assert.Equal(0, process.Process.ExitCode);
    }
}
