using System.Security.Cryptography;
using System.Text;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Wire.Authentication;

/// <summary>
/// Encrypts a password for a connection without TLS, as caching_sha2_password and sha256_password ask: RSA-OAEP (SHA-1) of
/// the password and a NUL, XORed with the salt over and over.
/// </summary>
internal static class RsaPassword
{
    private const int MinKeyBits = 2048;
    private const int MaxPemBytes = 16 * 1024;
    private const int PaddingBytes = 42;

    /// <summary>Encrypts with the key of a PEM text.</summary>
    /// <exception cref="PaimonException">The text holds no usable key or the password is too long for it.</exception>
    public static byte[] Encrypt(Secret password, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> pem)
    {
        if (pem.Length > MaxPemBytes)
        {
            CorruptDataException.Throw($"The server's RSA key is a text of {pem.Length} bytes, more than {MaxPemBytes}");
        }

        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(Encoding.ASCII.GetString(pem));
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new CorruptDataException("The server's RSA key is no PEM public key", innerException: e);
        }

        if (rsa.KeySize < MinKeyBits)
        {
            throw new PaimonException(
                ErrorKind.Refused,
                $"The server's RSA key has {rsa.KeySize} bits; a password is not sent under less than {MinKeyBits}. Use TLS.");
        }

        var text = PasswordScramble.Clear(password);
        if (text.Length > (rsa.KeySize / 8) - PaddingBytes)
        {
            throw new PaimonException(
                ErrorKind.Invalid, $"The password is too long for the server's RSA key of {rsa.KeySize} bits: use TLS.");
        }

        for (var i = 0; i < text.Length; i++)
        {
            text[i] ^= salt[i % salt.Length];
        }

#pragma warning disable CA5350 // the server's plugin fixes the padding
        var encrypted = rsa.Encrypt(text, RSAEncryptionPadding.OaepSHA1);
#pragma warning restore CA5350
        CryptographicOperations.ZeroMemory(text);
        return encrypted;
    }
}
