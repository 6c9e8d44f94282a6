using System.Diagnostics;
using System.Reflection;
using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Testing;

namespace PaimonSharp.Cdc.Tests.Binlog;

public sealed class RowsDecoderAllocationTests
{
    [Theory]
    [InlineData("generated-mysql-9.7")]
    [InlineData("generated-mariadb-11.8")]
    public async Task Rows_are_decoded_without_an_allocation(string family)
    {
        Assert.SkipWhen(IsDebugBuild(), "The compiler leaves boxes in unoptimised code: run this test in Release.");
        var path = Path.Combine(GoldenData.Root, "tests", "data", "binlogs", family, "workload.000001");
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var parser = new BinlogEventParser(isStream: false);
        var file = new BinlogFile("binlog.000001", _ => ValueTask.FromResult<Stream>(new MemoryStream(bytes)));
        await using var reader = new BinlogFileReader([file], parser);
        var events = 0;
        var rows = 0;
        var allocated = 0L;
        while (await reader.ReadEventAsync(TestContext.Current.CancellationToken))
        {
            parser.Feed(reader.CurrentEvent);
            while (parser.TryNext(out var next))
            {
                if (next is RowsEvent { Table: not null } changes)
                {
                    var (decoded, bytesAllocated) = DecodeTwice(changes);
                    events++;
                    rows += decoded;
                    allocated += bytesAllocated;
                }
            }
        }

        Assert.True(events > 10 && rows > 50, $"only {rows} rows in {events} events");
        Assert.Equal(0, allocated);
    }

    /// <summary>The first pass grows the batch's buffers, the second one is what every later event of a stream costs.</summary>
    private static (int Rows, long Allocated) DecodeTwice(RowsEvent changes)
    {
        var table = changes.Table!;
        var fields = table.Columns
            .Select((column, i) => new DataField(i, column.Name, TypeMapping.ToPaimon(column, TypeMappingOptions.Default))).ToArray();
        var kept = fields.Where(field => IsFixedWidth(field.Type)).ToArray();
        var rowType = new RowType(kept);
        var plan = RowDecodePlan.Create(
            table, table.Columns, rowType, [.. kept.Select(field => field.Id)], TypeMappingOptions.Default);
        var batch = new ColumnBatch(rowType, withKinds: true);
        var decoder = new RowsDecoder();
        decoder.Decode(changes, plan, batch);
        batch.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var rows = decoder.Decode(changes, plan, batch);
        return (rows, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool IsDebugBuild() =>
        typeof(RowsDecoder).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };

    private static bool IsFixedWidth(DataType type) =>
        type.Root is not (TypeRoot.VarChar or TypeRoot.Char or TypeRoot.VarBinary or TypeRoot.Binary or TypeRoot.Array);
}
