using System.Text;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.Avro;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;

namespace PaimonSharp.Storage.Tests.Metadata;

/// <summary>Metadata that is damaged, lags behind or holds what no writer of ours makes.</summary>
public sealed class MetadataDefectTests
{
    [Theory]
    [InlineData("""{"type":"fixed","name":"f","size":"16"}""")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"\ud800","type":"int"}]}""")]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":"\udfff"}]}""")]
    public void An_Avro_schema_of_wrong_parts_is_corrupt(string json) =>
        Assert.Throws<CorruptDataException>(() => AvroSchemaParser.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_snapshot_whose_text_is_no_Unicode_is_corrupt()
    {
        var json = """{"version":3,"id":1,"schemaId":0,"baseManifestList":"\ud800"}""";
        var error = Assert.Throws<CorruptDataException>(() => SnapshotJson.Read(Encoding.UTF8.GetBytes(json), "/t/snapshot/snapshot-1"));
        Assert.Equal("/t/snapshot/snapshot-1", error.Path);
    }

    [Theory]
    [InlineData("2", 8L)]
    [InlineData("12", 8L)]
    [InlineData("8", 8L)]
    [InlineData("7", 8L)]
    public async Task A_hint_of_a_snapshot_that_is_gone_is_no_hint(string hint, long latest)
    {
        var io = new MemoryFileIO();
        var paths = new TablePaths("/t");
        foreach (var id in (long[])[6, 7, 8])
        {
            await io.ReplaceAsync(paths.Snapshot(id), "{}"u8.ToArray());
        }

        await io.ReplaceAsync(paths.LatestHint, Encoding.ASCII.GetBytes(hint));
        Assert.Equal(latest, await new SnapshotManager(io, paths).LatestIdAsync());
    }

    [Fact]
    public async Task A_hint_that_comes_late_is_brought_up_to_date()
    {
        var io = new MemoryFileIO();
        var paths = new TablePaths("/t");
        foreach (var id in (long[])[6, 7, 8])
        {
            await io.ReplaceAsync(paths.Snapshot(id), "{}"u8.ToArray());
            await io.ReplaceAsync(paths.Changelog(id - 3), "{}"u8.ToArray());
        }

        var manager = new SnapshotManager(io, paths);
        await manager.WriteLatestHintAsync(6);
        await manager.WriteEarliestHintAsync(2);
        await manager.WriteLatestChangelogHintAsync(4);
        await manager.WriteEarliestChangelogHintAsync(1);
        Assert.Equal("8", await TextAsync(paths.LatestHint));
        Assert.Equal("6", await TextAsync(paths.EarliestHint));
        Assert.Equal("5", await TextAsync(paths.LatestChangelogHint));
        Assert.Equal("3", await TextAsync(paths.EarliestChangelogHint));
        await manager.WriteLatestChangelogHintAsync(-1);
        Assert.Equal("-1", await TextAsync(paths.LatestChangelogHint));

        async Task<string> TextAsync(string path) => Encoding.ASCII.GetString((await SmallFiles.TryReadAsync(io, path, default))!);
    }

    [Fact]
    public async Task An_unknown_compression_leaves_no_file_behind()
    {
        var io = new MemoryFileIO();
        var file = new MetadataFile(new StorageEnvironment(io), compression: "brotli");
        var error = await Assert.ThrowsAsync<PaimonException>(async () =>
            await file.WriteAsync("/t/manifest/m", ManifestFileMetaCodec.Instance, [], CancellationToken.None));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);

        // An unfinished file would still own its name.
        await (await io.CreateAsync("/t/manifest/m")).DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Partitions_outside_the_years_1_to_9999_are_refused(bool legacyNames)
    {
        foreach (var millis in (long[])[-62_135_596_800_001, 253_402_300_800_000, long.MinValue, long.MaxValue])
        {
            var column = new FixedVector<long>(DataTypes.Timestamp(3));
            column.Append(millis);
            AssertRefused(column, legacyNames);
        }

        foreach (var days in legacyNames ? [] : (int[])[-719_163, 2_932_897, int.MinValue, int.MaxValue])
        {
            var column = new FixedVector<int>(DataTypes.Date);
            column.Append(days);
            AssertRefused(column, legacyNames);
        }
    }

    [Fact]
    public void Partitions_are_named_up_to_the_last_day_of_9999()
    {
        var column = new FixedVector<int>(DataTypes.Date);
        column.Append(2_932_896);
        var type = DataTypes.Row(new DataField(0, "d", DataTypes.Date));
        Assert.Equal("d=9999-12-31/", new PartitionPaths(type, legacyNames: false).Path(Partition(type, column)));
    }

    [Fact]
    public void A_raised_upper_bound_is_above_bytes_that_are_no_text()
    {
        byte[] value = [.. "abcdefghijklmno"u8, 0xFF, 0xFF, .. "more"u8];
        var column = new BinaryVector(DataTypes.String);
        column.Append(value.AsSpan());
        var type = DataTypes.Row(new DataField(0, "s", DataTypes.String));
        var stats = SimpleStatsBuilder.Build(type, [new ColumnStatistics(0, column, column)], _ => StatsMode.Default);
        var max = (BinaryVector)BinaryRows.Read(type, stats.MaxValues)[0];
        Assert.True(max[0].SequenceCompareTo(value) > 0);
        Assert.Equal("abcdefghijklmnp"u8.ToArray(), max[0].ToArray());
    }

    private static void AssertRefused(ColumnVector column, bool legacyNames)
    {
        var type = DataTypes.Row(new DataField(0, "t", column.Type));
        var partition = Partition(type, column);
        var error = Assert.Throws<PaimonException>(() => new PartitionPaths(type, legacyNames: legacyNames).Path(partition));
        Assert.Equal(ErrorKind.Unsupported, error.Kind);
    }

    private static BinaryRowBytes Partition(RowType type, ColumnVector column) =>
        BinaryRowBytes.FromSerialized(new BinaryRowWriter(type).WriteSerialized([column], 0));
}
