using System.Buffers.Binary;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Data.Bitmaps;

/// <summary>
/// The portable form of a Roaring bitmap (docs/format.md#roaring-bitmaps), everything little endian:
/// <code>
/// without runs: 4 bytes 12346; 4 bytes n
/// with runs:    2 bytes 12347; 2 bytes n - 1; (n + 7) / 8 bytes, a bit for each container: it holds runs
/// n times:      2 bytes upper half of the numbers; 2 bytes how many there are, minus 1
/// n times:      4 bytes where the container begins; left out with runs and n below 4
/// n containers
/// </code>
/// </summary>
internal static class RoaringCodec
{
    private const int Cookie = 12346;
    private const int RunCookie = 12347;
    private const int MinContainersWithOffsets = 4;

    /// <summary>The bytes of a bitmap whose containers stay as they are.</summary>
    public static int SizeOf(RoaringBitmap bitmap)
    {
        var size = HeaderBytes(bitmap.ContainerCount, HasRuns(bitmap));
        for (var i = 0; i < bitmap.ContainerCount; i++)
        {
            size += bitmap.ContainerAt(i).Container.SerializedBytes;
        }

        return size;
    }

    /// <summary>Makes the smallest containers and writes them.</summary>
    public static byte[] Write(RoaringBitmap bitmap)
    {
        bitmap.Optimize();
        var bytes = new byte[SizeOf(bitmap)];
        Write(bitmap, bytes);
        return bytes;
    }

    /// <summary>Writes the containers as they are.</summary>
    /// <param name="bitmap">The numbers.</param>
    /// <param name="target">As long as <see cref="SizeOf"/>.</param>
    public static void Write(RoaringBitmap bitmap, Span<byte> target)
    {
        var count = bitmap.ContainerCount;
        var hasRuns = HasRuns(bitmap);
        var at = 8;
        if (hasRuns)
        {
            BinaryPrimitives.WriteInt32LittleEndian(target, RunCookie | ((count - 1) << 16));
            at = 4 + ((count + 7) / 8);
            target[4..at].Clear();
            for (var i = 0; i < count; i++)
            {
                target[4 + (i >> 3)] |= (byte)(bitmap.ContainerAt(i).Container is RunContainer ? 1 << (i & 7) : 0);
            }
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(target, Cookie);
            BinaryPrimitives.WriteInt32LittleEndian(target[4..], count);
        }

        var offset = HeaderBytes(count, hasRuns);
        var offsets = at + (4 * count);
        for (var i = 0; i < count; i++)
        {
            var (key, container) = bitmap.ContainerAt(i);
            BinaryPrimitives.WriteUInt16LittleEndian(target[(at + (4 * i))..], key);
            BinaryPrimitives.WriteUInt16LittleEndian(target[(at + 2 + (4 * i))..], (ushort)(container.Cardinality - 1));
            if (HasOffsets(count, hasRuns))
            {
                BinaryPrimitives.WriteInt32LittleEndian(target[(offsets + (4 * i))..], offset);
            }

            container.Write(target.Slice(offset, container.SerializedBytes));
            offset += container.SerializedBytes;
        }
    }

    /// <summary>Reads a bitmap from the beginning of some bytes.</summary>
    /// <param name="bytes">The bitmap, and what follows it.</param>
    /// <param name="length">The bytes it takes.</param>
    /// <exception cref="CorruptDataException">It is none, or it is damaged.</exception>
    public static RoaringBitmap Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var header = new Cursor(bytes);
        var cookie = BinaryPrimitives.ReadUInt32LittleEndian(header.Take(4, "the bitmap's mark"));
        var runs = ReadOnlySpan<byte>.Empty;
        int count;
        if ((cookie & 0xFFFF) == RunCookie)
        {
            count = (int)(cookie >> 16) + 1;
            runs = header.Take((count + 7) / 8, "the marks of runs");
        }
        else if (cookie == Cookie)
        {
            var claimed = BinaryPrimitives.ReadUInt32LittleEndian(header.Take(4, "the number of containers"));
            if (claimed > RoaringContainer.Range)
            {
                CorruptDataException.Throw($"A bitmap claims {claimed} containers; {RoaringContainer.Range} is the most.");
            }

            count = (int)claimed;
        }
        else
        {
            CorruptDataException.Throw($"A Roaring bitmap begins with {Cookie} or {RunCookie}, not with {cookie}.");
            count = 0;
        }

        var keys = header.Take(4 * count, "the containers' keys");
        if (HasOffsets(count, !runs.IsEmpty))
        {
            header.Take(4 * count, "the containers' places");
        }

        var bitmap = new RoaringBitmap();
        for (var i = 0; i < count; i++)
        {
            var key = BinaryPrimitives.ReadUInt16LittleEndian(keys[(4 * i)..]);
            if (i > 0 && key <= bitmap.ContainerAt(i - 1).Key)
            {
                CorruptDataException.Throw($"The containers of a bitmap do not ascend: {key} follows {bitmap.ContainerAt(i - 1).Key}.");
            }

            var cardinality = BinaryPrimitives.ReadUInt16LittleEndian(keys[((4 * i) + 2)..]) + 1;
            var isRun = !runs.IsEmpty && (runs[i >> 3] & (1 << (i & 7))) != 0;
            bitmap.Append(key, ReadContainer(ref header, cardinality, isRun));
        }

        length = header.Position;
        return bitmap;
    }

    private static RoaringContainer ReadContainer(ref Cursor cursor, int cardinality, bool isRun)
    {
        if (isRun)
        {
            var runs = BinaryPrimitives.ReadUInt16LittleEndian(cursor.Take(2, "the number of runs"));
            if (runs == 0)
            {
                CorruptDataException.Throw("A container of a bitmap has no runs.");
            }

            return RunContainer.Read(cursor.Take(4 * runs, "runs"));
        }

        return cardinality <= ArrayContainer.MaxValues
            ? ArrayContainer.Read(cursor.Take(2 * cardinality, "an array of values"))
            : BitmapContainer.Read(cursor.Take(BitmapContainer.Bytes, "a container of bits"), cardinality);
    }

    private static bool HasRuns(RoaringBitmap bitmap)
    {
        for (var i = 0; i < bitmap.ContainerCount; i++)
        {
            if (bitmap.ContainerAt(i).Container is RunContainer)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasOffsets(int count, bool hasRuns) => !hasRuns || count >= MinContainersWithOffsets;

    private static int HeaderBytes(int count, bool hasRuns) =>
        (hasRuns ? 4 + ((count + 7) / 8) : 8) + (4 * count) + (HasOffsets(count, hasRuns) ? 4 * count : 0);

    private ref struct Cursor(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int Position { get; private set; }

        public ReadOnlySpan<byte> Take(int count, string what)
        {
            if (count > _bytes.Length - Position)
            {
                CorruptDataException.Throw(
                    $"A bitmap of {_bytes.Length} bytes ends inside {what}: {count} bytes are needed.", Position);
            }

            Position += count;
            return _bytes.Slice(Position - count, count);
        }
    }
}
