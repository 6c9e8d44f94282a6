using System.Text.Json;
using PaimonSharp.Data.Options;
using PaimonSharp.Data.Rows;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Compaction;
using PaimonSharp.Storage.Lsm;
using PaimonSharp.Storage.Metadata;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Vectors;

public sealed class LsmVectorTests
{
    private static readonly RowType KeyType = DataTypes.Row(new DataField(0, "k", DataTypes.Int.NotNull()));

    [Fact]
    public void Files_are_split_into_the_sections_and_runs_that_Paimon_makes()
    {
        foreach (var line in GoldenVectors.Read("interval-partition.jsonl"))
        {
            var files = line.GetProperty("files").EnumerateArray()
                .Select(file => File(
                    file.GetProperty("name").GetString()!, 0, 1, file.GetProperty("min").GetInt32(), file.GetProperty("max").GetInt32()))
                .ToArray();
            var expected = line.GetProperty("sections").EnumerateArray().Select(section => string.Join(
                " | ", section.EnumerateArray().Select(run => string.Join(',', run.EnumerateArray().Select(name => name.GetString())))));
            var actual = IntervalPartition.Split(files, KeyType).Select(section => string.Join(
                " | ", section.Select(run => string.Join(',', run.Files.Select(file => file.FileName)))));
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Compaction_picks_the_runs_that_Paimon_picks()
    {
        var count = 0;
        foreach (var line in GoldenVectors.Read("universal-compaction.jsonl"))
        {
            count++;
            var runs = line.GetProperty("runs").EnumerateArray().ToArray();
            var files = runs.Select((run, i) => File(
                $"{i}", run.GetProperty("level").GetInt32(), run.GetProperty("size").GetInt64(), i, i, runs.Length - i)).ToArray();
            var options = new TableOptions(new Dictionary<string, string>
            {
                ["num-sorted-run.compaction-trigger"] = line.GetProperty("trigger").ToString(),
                ["compaction.force-up-level-0"] = line.GetProperty("strategy").GetString() == "force-up-level-0" ? "true" : "false",
                ["compaction.size-ratio"] = line.GetProperty("sizeRatio").ToString(),
                ["compaction.max-size-amplification-percent"] = line.GetProperty("maxSizeAmp").ToString(),
            });
            var levels = new Levels(files, KeyType, line.GetProperty("numLevels").GetInt32());
            var unit = CompactStrategies.Create(options, TimeProvider.System, levels).Pick(levels);
            Assert.Equal(Describe(line.GetProperty("pick")), unit is null
                ? "none"
                : $"{unit.OutputLevel}: {string.Join(',', unit.Files.Select(file => file.FileName))}");
        }

        Assert.Equal(298, count);
    }

    private static string Describe(JsonElement pick) => pick.ValueKind == JsonValueKind.Null
        ? "none"
        : $"{pick.GetProperty("outputLevel")}: {string.Join(',', pick.GetProperty("runs").EnumerateArray().Select(run => run.ToString()))}";

    private static DataFileMeta File(string name, int level, long sizeBytes, int min, int max, long sequence = 0) => new()
    {
        FileName = name,
        FileSizeBytes = sizeBytes,
        RowCount = 1,
        MinKey = Key(min),
        MaxKey = Key(max),
        KeyStats = SimpleStats.Empty,
        ValueStats = SimpleStats.Empty,
        MinSequenceNumber = sequence,
        MaxSequenceNumber = sequence,
        SchemaId = 0,
        Level = level,
    };

    private static BinaryRowBytes Key(int value)
    {
        var column = new FixedVector<int>(KeyType.Fields[0].Type);
        column.Append(value);
        return BinaryRowBytes.FromSerialized(new BinaryRowWriter(KeyType).WriteSerialized([column], 0));
    }
}
