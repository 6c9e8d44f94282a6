using System.Buffers.Binary;

namespace PaimonSharp.Testing.Wire;

/// <summary>One connection of a <see cref="FakeMySqlServer"/>: sends and receives packets.</summary>
/// <param name="stream">The connection.</param>
public sealed class FakeMySqlSession(Stream stream)
{
    /// <summary>The capabilities of MySQL 9.7 without TLS.</summary>
    public const uint NoTls = 0xdffff7ff;

    /// <summary>The capabilities of MySQL 9.7 without TLS and with the old end markers.</summary>
    public const uint NoTlsWithEof = NoTls & ~0x1000000u;

    private byte _sequence;

    /// <summary>The greeting of a made-up MySQL 9.7 whose salt is the bytes 1 to 20.</summary>
    /// <param name="plugin">The default login plugin.</param>
    /// <param name="capabilities">What it offers.</param>
    /// <param name="version">The version text.</param>
    public static byte[] Greeting(
        string plugin = "caching_sha2_password", uint capabilities = NoTls, string version = "9.7.4") =>
    [
        0x0a, .. Ascii(version), 0, 7, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0,
        (byte)capabilities, (byte)(capabilities >> 8), 255, 2, 0, (byte)(capabilities >> 16), (byte)(capabilities >> 24), 21,
        .. new byte[10], 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 0, .. Ascii(plugin), 0,
    ];

    /// <summary>An OK packet.</summary>
    public static byte[] Ok => [0, 0, 0, 2, 0, 0, 0];

    /// <summary>An error packet.</summary>
    /// <param name="code">The server's number.</param>
    /// <param name="text">State and message: <c>#28000Access denied</c>.</param>
    public static byte[] Error(int code, string text) => [0xff, (byte)code, (byte)(code >> 8), .. Ascii(text)];

    /// <summary>Greets, takes any answer and accepts it.</summary>
    /// <param name="capabilities">What it offers.</param>
    public async Task AcceptAsync(uint capabilities = NoTls)
    {
        await SendAsync(Greeting(capabilities: capabilities));
        await ReceiveAsync();
        await SendAsync(Ok);
    }

    /// <summary>Sends one payload, in chunks where it is long.</summary>
    /// <param name="payload">The payload.</param>
    /// <param name="pieceBytes">How many bytes to write at a time: 1 dribbles.</param>
    public async Task SendAsync(byte[] payload, int pieceBytes = int.MaxValue)
    {
        var offset = 0;
        int chunk;
        do
        {
            chunk = Math.Min(payload.Length - offset, 0xffffff);
            var packet = new byte[4 + chunk];
            BinaryPrimitives.WriteInt32LittleEndian(packet, chunk | (_sequence++ << 24));
            payload.AsSpan(offset, chunk).CopyTo(packet.AsSpan(4));
            await SendRawAsync(packet, pieceBytes);
            offset += chunk;
        }
        while (chunk == 0xffffff);
    }

    /// <summary>Sends bytes that are not made into a packet.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="pieceBytes">How many to write at a time.</param>
    public async Task SendRawAsync(byte[] bytes, int pieceBytes = int.MaxValue)
    {
        for (var i = 0; i < bytes.Length; i += pieceBytes)
        {
            await stream.WriteAsync(bytes.AsMemory(i, Math.Min(pieceBytes, bytes.Length - i)));
            await stream.FlushAsync();
        }
    }

    /// <summary>Receives one payload of less than a chunk; a packet of sequence 0 begins a command.</summary>
    public async Task<byte[]> ReceiveAsync()
    {
        var header = new byte[4];
        await stream.ReadExactlyAsync(header);
        var payload = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) & 0xffffff];
        await stream.ReadExactlyAsync(payload);
        _sequence = (byte)(header[3] + 1);
        return payload;
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
