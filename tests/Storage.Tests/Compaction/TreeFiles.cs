using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tests.Compaction;

/// <summary>Trees of files that are nowhere, for what decides by metadata alone.</summary>
internal static class TreeFiles
{
    /// <summary>The key of the files.</summary>
    public static readonly RowType KeyType = DataTypes.Row(new DataField(0, "k", DataTypes.Int.NotNull()));

    /// <summary>A tree of runs of one file each.</summary>
    /// <param name="levelCount">The tree's levels.</param>
    /// <param name="runs">Levels and sizes, newest first.</param>
    public static Levels Tree(int levelCount, params (int Level, long SizeBytes)[] runs) =>
        new([.. runs.Select((run, i) => File($"{i}", run.Level, run.SizeBytes, runs.Length - i))], KeyType, levelCount);

    /// <summary>A file.</summary>
    public static DataFileMeta File(string name, int level, long sizeBytes, long sequence = 0) => new()
    {
        FileName = name,
        FileSizeBytes = sizeBytes,
        RowCount = 1,
        MinKey = Key(level),
        MaxKey = Key(level),
        KeyStats = SimpleStats.Empty,
        ValueStats = SimpleStats.Empty,
        MinSequenceNumber = sequence,
        MaxSequenceNumber = sequence,
        SchemaId = 0,
        Level = level,
        CreationTimeMillis = 0,
    };

    private static BinaryRowBytes Key(int value)
    {
        var column = new FixedVector<int>(KeyType.Fields[0].Type);
        column.Append(value);
        return BinaryRowBytes.FromSerialized(new BinaryRowWriter(KeyType).WriteSerialized([column], 0));
    }
}
