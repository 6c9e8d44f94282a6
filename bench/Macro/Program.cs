using PaimonSharp.Bench.Macro;

// Workloads that print rows/s beside a peer in the same run: dotnet run -c Release --project bench/Macro -- decode [FOLDER]
switch (args)
{
    case ["decode", .. var rest]:
        return await DecodeWorkload.RunAsync(rest.Length > 0 ? rest[0] : null);
    default:
        Console.Error.WriteLine("usage: decode [FOLDER with inserts.binlog and updates.binlog]");
        return 2;
}
