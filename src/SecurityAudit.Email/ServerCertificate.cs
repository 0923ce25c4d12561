using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace SecurityAudit.Email;

/// <summary>
/// Believes the server's certificate only if its name fits and an authority that is trusted vouches for it; what was wrong is kept for the
/// message.
/// </summary>
internal sealed class ServerCertificate(string? authorityFile)
{
    /// <summary>What was wrong with the one that was shown last; null when nothing was.</summary>
    public string? Fault { get; private set; }

    public bool Fits(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (authorityFile is not null && certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None)
        {
            errors = IsOf(authorityFile, certificate, chain) ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors;
        }

        Fault = errors == SslPolicyErrors.None ? null
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "it showed none"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "it is for another name"
            : "no authority that is trusted vouches for it, or it is not valid now";
        return errors == SslPolicyErrors.None;
    }

    private static bool IsOf(string authorityFile, X509Certificate certificate, X509Chain? shown)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authorityFile);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1")); // a server's
        if (shown is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(shown.ChainPolicy.ExtraStore);
        }

        using var server = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(server);
    }
}
