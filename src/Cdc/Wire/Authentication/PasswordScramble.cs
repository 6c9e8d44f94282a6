using System.Security.Cryptography;
using System.Text;

namespace PaimonSharp.Cdc.Wire.Authentication;

/// <summary>The challenge responses that prove a password without sending it. An empty password answers with nothing.</summary>
internal static class PasswordScramble
{
    /// <summary>mysql_native_password: SHA1(pw) XOR SHA1(salt ‖ SHA1(SHA1(pw))).</summary>
    public static byte[] Native(Secret password, ReadOnlySpan<byte> salt)
    {
        if (password.IsEmpty)
        {
            return [];
        }

#pragma warning disable CA5350 // the server's plugin fixes the hash
        var once = SHA1.HashData(Encoding.UTF8.GetBytes(password.Reveal()));
        var twice = SHA1.HashData(once);
        var mask = SHA1.HashData([.. salt, .. twice]);
#pragma warning restore CA5350
        return Xor(once, mask);
    }

    /// <summary>caching_sha2_password: SHA256(pw) XOR SHA256(SHA256(SHA256(pw)) ‖ salt).</summary>
    public static byte[] CachingSha2(Secret password, ReadOnlySpan<byte> salt)
    {
        if (password.IsEmpty)
        {
            return [];
        }

        var once = SHA256.HashData(Encoding.UTF8.GetBytes(password.Reveal()));
        var twice = SHA256.HashData(once);
        var mask = SHA256.HashData([.. twice, .. salt]);
        return Xor(once, mask);
    }

    /// <summary>The password and a NUL, for a channel that hides it.</summary>
    public static byte[] Clear(Secret password) => Encoding.UTF8.GetBytes(password.Reveal() + "\0");

    private static byte[] Xor(byte[] value, ReadOnlySpan<byte> mask)
    {
        for (var i = 0; i < value.Length; i++)
        {
            value[i] ^= mask[i];
        }

        return value;
    }
}
