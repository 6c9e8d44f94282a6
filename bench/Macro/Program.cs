using System.Text.Json;
using PaimonSharp.Bench.Macro;
using PaimonSharp.Testing.Servers;

// Workloads that print rows/s beside a peer in the same run: dotnet run -c Release --project bench/Macro -- upsert
const string Usage = """
    usage: decode [FOLDER with inserts.binlog and updates.binlog]
           upsert | scan | compact | aggregate | lookup | lookup-missing | startup [--rows N] [--runs N] [--compression CODEC] [--memory-budget SIZE]
                                    [--commit-rows N] [--buckets N] [--lookup-cache SIZE] [--level-0 N] [--folder FOLDER] [--json] [--save]
           sync | sync-mariadb [--rows N] [--runs N] [--folder FOLDER] [--json] [--save]
    """;

switch (args)
{
    case ["decode", .. var rest]:
        return await DecodeWorkload.RunAsync(rest.Length > 0 ? rest[0] : null);
    case [ChildRun.Command, var workload, var folder, .. var flags] when MacroOptions.Parse(flags) is { } once:
        var sample = workload.Split('-')[0] switch
        {
            "compact" => await CompactWorkload.RunOnceAsync(workload, folder, once),
            "aggregate" => await AggregateWorkload.RunOnceAsync(workload, folder, once),
            "lookup" => await LookupWorkload.RunOnceAsync(workload, folder, once),
            _ => await TableWorkloads.RunOnceAsync(workload, folder, once),
        };
        Console.WriteLine(JsonSerializer.Serialize(sample));
        return 0;
    case [SyncWorkload.ChildCommand, var url, var warehouse]:
        return await SyncWorkload.RunOnceAsync(url, warehouse);
    case ["upsert" or "scan" or "compact" or "aggregate" or "lookup" or "lookup-missing" or "startup" or "sync" or "sync-mariadb", .. var rest]
        when MacroOptions.Parse(args[0].StartsWith("sync") ? ["--rows", SyncWorkload.DefaultRows, .. rest] : rest) is { } options:
        var report = args[0] switch
        {
            "compact" => await CompactWorkload.MeasureAsync(options),
            "aggregate" => await AggregateWorkload.MeasureAsync(options),
            "lookup" or "lookup-missing" => await LookupWorkload.MeasureAsync(args[0], options),
            "startup" => await StartupWorkload.MeasureAsync(options),
            "sync" => await SyncWorkload.MeasureAsync(options, ServerKind.MySql97),
            "sync-mariadb" => await SyncWorkload.MeasureAsync(options, ServerKind.MariaDb1011),
            _ => await TableWorkloads.MeasureAsync(args[0], options),
        };
        Console.Write(report.ToTable());
        if (options.Json)
        {
            Console.WriteLine(report.ToJson());
        }

        if (options.Save)
        {
            Console.WriteLine($"saved in {report.Save(Path.Combine("bench", "results"))}");
        }

        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
