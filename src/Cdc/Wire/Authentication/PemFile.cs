using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire.Authentication;

/// <summary>Reads the certificate and key files that the options name: the machine's files, not those of a warehouse.</summary>
internal static class PemFile
{
    /// <summary>The bytes of a small PEM file.</summary>
    /// <exception cref="PaimonException">Kind <see cref="ErrorKind.Invalid"/>: the file cannot be read.</exception>
    public static byte[] ReadBytes(string path, string setting)
    {
        try
        {
            using var reader = new StreamReader(path, Encoding.UTF8);
            return Encoding.UTF8.GetBytes(reader.ReadToEnd());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaimonException(ErrorKind.Invalid, $"The file of {setting} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The certificates of a PEM file.</summary>
    /// <exception cref="PaimonException">Kind <see cref="ErrorKind.Invalid"/>: unreadable, or without a certificate.</exception>
    public static X509Certificate2Collection ReadCertificates(string path, string setting)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.UTF8.GetString(ReadBytes(path, setting)));
        }
        catch (CryptographicException e)
        {
            throw new PaimonException(ErrorKind.Invalid, $"The file of {setting}, {path}, is not PEM: {e.Message}", e);
        }

        if (certificates.Count == 0)
        {
            PaimonException.ThrowInvalid($"The file of {setting}, {path}, holds no certificate in PEM form.");
        }

        return certificates;
    }
}
