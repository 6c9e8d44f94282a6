using System.Globalization;
using System.Text;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog;

/// <summary>
/// The FORMAT_DESCRIPTION event: version u16 (4), server version 50 bytes, created u32, header length u8, one post-header
/// length a type, then checksum algorithm u8 and CRC u32 where the server knows checksums. Immutable.
/// </summary>
internal sealed class FormatDescription
{
    private const int FixedBytes = 57;
    private readonly byte[] _postHeaderLengths;

    private FormatDescription(string serverVersion, byte[] postHeaderLengths, bool hasChecksum, bool hasAlgorithm)
    {
        ServerVersion = serverVersion;
        _postHeaderLengths = postHeaderLengths;
        HasChecksum = hasChecksum;
        HasAlgorithmByte = hasAlgorithm;
    }

    public string ServerVersion { get; }

    public bool IsMariaDb => ServerVersion.Contains("mariadb", StringComparison.OrdinalIgnoreCase);

    /// <summary>True when events of this file end with a CRC32.</summary>
    public bool HasChecksum { get; }

    /// <summary>True when this event itself ends with algorithm and CRC field, used or not.</summary>
    public bool HasAlgorithmByte { get; }

    /// <summary>The bytes of an event's fixed part, 0 where the server did not say.</summary>
    public int PostHeaderLength(BinlogEventType type)
    {
        var index = (int)type - 1;
        return index >= 0 && index < _postHeaderLengths.Length ? _postHeaderLengths[index] : 0;
    }

    /// <summary>Reads the event.</summary>
    /// <param name="body">All after the header, the CRC field included.</param>
    public static FormatDescription Read(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        var version = reader.UInt16();
        var name = reader.Take(50);
        var end = name.IndexOf((byte)0);
        var serverVersion = Encoding.ASCII.GetString(end < 0 ? name : name[..end]);
        if (version != 4)
        {
            throw new PaimonException(
                ErrorKind.Unsupported, $"Binlog format version {version} (server {serverVersion}) is not supported; version 4 is.");
        }

        reader.UInt32();
        var headerLength = reader.Byte();
        if (headerLength != BinlogEventHeader.SizeBytes)
        {
            throw new PaimonException(
                ErrorKind.Unsupported, $"Binlog events with headers of {headerLength} bytes are not supported; 19 bytes are.");
        }

        var hasAlgorithm = KnowsChecksums(serverVersion);
        if (hasAlgorithm && body.Length < FixedBytes + 5)
        {
            CorruptDataException.Throw($"The format description of server {serverVersion} has only {body.Length} bytes.");
        }

        var lengths = body[FixedBytes..(hasAlgorithm ? body.Length - 5 : body.Length)].ToArray();
        RefuseAlphaNumbering(serverVersion);
        var algorithm = hasAlgorithm ? body[^5] : (byte)0;
        if (algorithm > 1)
        {
            throw new PaimonException(ErrorKind.Unsupported, $"The binlog checksum algorithm {algorithm} is not supported; 0 and 1 are.");
        }

        return new FormatDescription(serverVersion, lengths, algorithm == 1, hasAlgorithm);
    }

    /// <summary>MySQL writes the algorithm since 5.6.1, MariaDB since 5.3.0.</summary>
    private static bool KnowsChecksums(string serverVersion)
    {
        var (major, minor, patch) = Numbers(serverVersion);
        var number = (major * 1_000_000) + (minor * 1_000) + patch;
        return serverVersion.Contains("mariadb", StringComparison.OrdinalIgnoreCase) ? number >= 5_003_000 : number >= 5_006_001;
    }

    /// <summary>Test builds of MySQL 5.2 and 5.1 before 5.1.18 numbered their events otherwise.</summary>
    private static void RefuseAlphaNumbering(string serverVersion)
    {
        if (serverVersion.StartsWith("5.2.2-a", StringComparison.Ordinal) || serverVersion.Contains("a_drop", StringComparison.Ordinal))
        {
            throw new PaimonException(
                ErrorKind.Unsupported, $"The binlog of the test build {serverVersion} numbers its events differently and is not supported.");
        }
    }

    private static (int Major, int Minor, int Patch) Numbers(string serverVersion)
    {
        Span<int> numbers = stackalloc int[3];
        var at = 0;
        for (var i = 0; i < 3 && at < serverVersion.Length; i++)
        {
            var start = at;
            while (at < serverVersion.Length && char.IsAsciiDigit(serverVersion[at]) && at - start < 5)
            {
                at++;
            }

            if (at == start)
            {
                break;
            }

            numbers[i] = int.Parse(serverVersion.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture);
            at++;
        }

        return (numbers[0], numbers[1], numbers[2]);
    }
}
