using System.Buffers.Binary;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Hashing;

namespace PaimonSharp.Storage.Lookup;

/// <summary>Some bytes of a lookup file.</summary>
/// <param name="Offset">Where they begin.</param>
/// <param name="SizeBytes">How many.</param>
/// <param name="Checksum">The xxHash of them.</param>
internal readonly record struct LookupSection(long Offset, int SizeBytes, ulong Checksum)
{
    /// <summary>The bytes of a stored section.</summary>
    public const int StoredBytes = 20;

    /// <summary>Reads a section.</summary>
    public static LookupSection Parse(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt64LittleEndian(source),
        BinaryPrimitives.ReadInt32LittleEndian(source[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[12..]));

    /// <summary>Writes a section.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, Offset);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], SizeBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(target[12..], Checksum);
    }

    /// <summary>Refuses a section that is not inside its file.</summary>
    /// <param name="fileBytes">The bytes of the whole file.</param>
    public void Check(long fileBytes)
    {
        if (Offset < 0 || SizeBytes < 0 || SizeBytes > fileBytes || Offset > fileBytes - SizeBytes)
        {
            CorruptDataException.Throw($"A section of {SizeBytes} bytes at {Offset} is outside the file of {fileBytes} bytes.");
        }
    }

    /// <summary>Refuses bytes that are not those that were written.</summary>
    /// <param name="bytes">What was read.</param>
    public void Verify(ReadOnlySpan<byte> bytes)
    {
        if (XxHash64.Compute(bytes) != Checksum)
        {
            CorruptDataException.Throw($"The checksum of the {SizeBytes} bytes that begin here differs.", Offset);
        }
    }
}
