using PaimonSharp.Testing.Processes;

namespace PaimonSharp.Servers.Tests.Sync;

/// <summary>The tool as a process of its own, as a user starts it.</summary>
internal static class SyncTool
{
    /// <summary>The tool, to be run by <c>dotnet</c>.</summary>
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "paimonsharp.dll");

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    /// <summary>Starts <c>paimonsharp sync</c> of a mirror's database.</summary>
    public static ChildProcess Start(Mirror mirror, params string[] more) =>
        ChildProcess.Start("dotnet", Arguments(mirror, more), Environment);

    /// <summary>Runs <c>paimonsharp sync</c> to its end.</summary>
    public static Task<CommandResult> RunAsync(Mirror mirror, params string[] more) =>
        Command.RunAsync("dotnet", Arguments(mirror, more), Timeout, environment: Environment);

    private static Dictionary<string, string?> Environment => new() { ["PAIMONSHARP_PASSWORD"] = "" };

    private static string[] Arguments(Mirror mirror, string[] more) =>
    [
        Program, "sync", "--warehouse", mirror.Warehouse,
        "--source", $"mysql://root@127.0.0.1:{mirror.Server.Port}/{mirror.Database}", .. more,
    ];
}
