using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PaimonSharp.Testing.Wire;

/// <summary>Certificates of a made-up authority, valid for an hour around now.</summary>
public static class TestCertificates
{
    /// <summary>The certificate of a new authority that signed nothing.</summary>
    public static string CreateAuthorityPem()
    {
        using var authority = CreateAuthority();
        return authority.ExportCertificatePem();
    }

    /// <summary>Writes ca.pem, server.pem and server.key; the certificate names localhost and 127.0.0.1.</summary>
    /// <param name="folder">Where.</param>
    public static void WriteServerFiles(TempDirectory folder)
    {
        using var authority = CreateAuthority();
        using var server = CreateServer(authority);
        using var key = server.GetRSAPrivateKey()!;
        File.WriteAllText(folder.File("ca.pem"), authority.ExportCertificatePem());
        File.WriteAllText(folder.File("server.pem"), server.ExportCertificatePem());
        File.WriteAllText(folder.File("server.key"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A new authority with its key.</summary>
    public static X509Certificate2 CreateAuthority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=test-ca", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }

    /// <summary>A server's certificate with its key.</summary>
    /// <param name="authority">Who signs it.</param>
    public static X509Certificate2 CreateServer(X509Certificate2 authority)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(authority, now.AddHours(-1).AddMinutes(1), now.AddMinutes(59), [1, 2, 3, 4]);
        return certificate.CopyWithPrivateKey(key);
    }
}
