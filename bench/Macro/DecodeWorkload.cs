using System.Diagnostics;
using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Bench.Macro;

/// <summary>
/// Binlog files into column batches, checksums verified, against <c>mariadb-binlog --base64-output=decode-rows -v</c> on the
/// same files: medians of five interleaved runs.
/// </summary>
internal static class DecodeWorkload
{
    private const int Runs = 5;
    private const int BatchRows = 65_536;

    public static async Task<int> RunAsync(string? folder)
    {
        folder ??= Path.Combine(Path.GetTempPath(), "paimonsharp-bench", "decode");
        foreach (var name in (string[])["inserts", "updates"])
        {
            var path = Path.Combine(folder, name + ".binlog");
            if (!File.Exists(path))
            {
                Console.Error.WriteLine($"{path} is not there: make it by bench/Macro/make-orders.sh SERVER {folder}");
                return 2;
            }

            await MeasureAsync(name, path);
        }

        return 0;
    }

    private static async Task MeasureAsync(string name, string path)
    {
        var peer = FindPeer();
        var ours = new List<double>();
        var theirs = new List<double>();
        long rows = 0, allocated = 0, fixedAllocated = 0;
        var all = new DecodeTarget(onlyFixed: false);
        var onlyFixed = new DecodeTarget(onlyFixed: true);
        await DecodeAsync(path, all);
        await DecodeAsync(path, onlyFixed);
        for (var run = 0; run < Runs; run++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var watch = Stopwatch.StartNew();
            rows = await DecodeAsync(path, all);
            ours.Add(watch.Elapsed.TotalSeconds);
            allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            if (peer is not null)
            {
                theirs.Add(await RunPeerAsync(peer, path));
            }
        }

        var fixedBefore = GC.GetTotalAllocatedBytes(precise: true);
        await DecodeAsync(path, onlyFixed);
        fixedAllocated = GC.GetTotalAllocatedBytes(precise: true) - fixedBefore;
        var seconds = Median(ours);
        var size = new FileInfo(path).Length;
        Console.WriteLine(
            $"decode {name}: {rows:N0} rows of {size / 1e6:N0} MB in {seconds:N3} s = {rows / seconds:N0} rows/s, {size / seconds / 1e6:N0} MB/s; "
            + $"allocated {(double)allocated / rows:N3} B/row ({(double)fixedAllocated / rows:N3} B/row fixed-width columns only)");
        Console.WriteLine(peer is null
            ? "  peer: mariadb-binlog is not there (MARIADB_BINLOG or PATH): no ratio"
            : $"  peer mariadb-binlog: {Median(theirs):N3} s = {rows / Median(theirs):N0} rows/s; ratio {Median(theirs) / seconds:N1}x (floor 3x)");
    }

    private static async Task<long> DecodeAsync(string path, DecodeTarget target)
    {
        var parser = new BinlogEventParser(isStream: false);
        var file = new BinlogFile(Path.GetFileName(path), _ => ValueTask.FromResult<Stream>(File.OpenRead(path)));
        await using var reader = new BinlogFileReader([file], parser);
        var before = target.Rows;
        while (await reader.ReadEventAsync())
        {
            do
            {
                parser.Feed(reader.CurrentEvent);
                while (parser.TryNext(out var next))
                {
                    if (next is RowsEvent rows)
                    {
                        target.Add(rows);
                    }
                }
            }
            while (reader.TryReadBuffered());
        }

        return target.Rows - before;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string? FindPeer()
    {
        var named = Environment.GetEnvironmentVariable("MARIADB_BINLOG");
        return named ?? (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':')
            .Select(folder => Path.Combine(folder, "mariadb-binlog")).FirstOrDefault(File.Exists);
    }

    private static async Task<double> RunPeerAsync(string peer, string path)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(
            "/bin/sh", ["-c", "exec \"$0\" --no-defaults --base64-output=decode-rows -v \"$1\" > /dev/null", peer, path]);
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? watch.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"{peer} ended with code {process.ExitCode}.");
    }

    private sealed class DecodeTarget(bool onlyFixed)
    {
        private readonly RowsDecoder _decoder = new();
        private RowDecodePlan? _plan;
        private ColumnBatch? _batch;

        public long Rows { get; private set; }

        public void Add(RowsEvent rows)
        {
            if (!ReferenceEquals(_plan?.Table, rows.Table))
            {
                MakePlan(rows.Table!);
            }

            Rows += _decoder.Decode(rows, _plan!, _batch!) / (rows.Kind == RowsKind.Update ? 2 : 1);
            if (_batch!.RowCount >= BatchRows)
            {
                _batch.Clear();
            }
        }

        private void MakePlan(TableMap table)
        {
            var fields = new List<DataField>();
            var sources = new List<int>();
            for (var i = 0; i < table.ColumnCount; i++)
            {
                var type = TypeMapping.ToPaimon(table.Columns[i], TypeMappingOptions.Default);
                if (!onlyFixed || type.Root is not TypeRoot.VarChar)
                {
                    fields.Add(new DataField(i, table.Columns[i].Name, type));
                    sources.Add(i);
                }
            }

            var rowType = new RowType(fields);
            _plan = RowDecodePlan.Create(table, table.Columns, rowType, [.. sources], TypeMappingOptions.Default);
            if (_batch is null || !_batch.RowType.Equals(rowType))
            {
                _batch = new ColumnBatch(rowType, withKinds: true);
            }
        }
    }
}
