using PaimonSharp.Bench.Macro;
using PaimonSharp.Testing.Servers;

// Workloads that print rows/s beside a peer in the same run: dotnet run -c Release --project bench/Macro -- upsert
const string Usage = """
    usage: decode [FOLDER with inserts.binlog and updates.binlog]
           upsert | scan | startup [--rows N] [--runs N] [--compression CODEC] [--memory-budget SIZE]
                                    [--commit-rows N] [--buckets N] [--folder FOLDER] [--json] [--save]
           sync | sync-mariadb [--rows N] [--runs N] [--folder FOLDER] [--json] [--save]
    """;

switch (args)
{
    case ["decode", .. var rest]:
        return await DecodeWorkload.RunAsync(rest.Length > 0 ? rest[0] : null);
    case [TableWorkloads.ChildCommand, var workload, var folder, .. var flags] when MacroOptions.Parse(flags) is { } once:
        return await TableWorkloads.RunOnceAsync(workload, folder, once);
    case [SyncWorkload.ChildCommand, var url, var warehouse]:
        return await SyncWorkload.RunOnceAsync(url, warehouse);
    case ["upsert" or "scan" or "startup" or "sync" or "sync-mariadb", .. var rest]
        when MacroOptions.Parse(args[0].StartsWith("sync") ? ["--rows", SyncWorkload.DefaultRows, .. rest] : rest) is { } options:
        var report = args[0] switch
        {
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
