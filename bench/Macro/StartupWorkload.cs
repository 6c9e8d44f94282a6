using System.Diagnostics;
using System.Runtime.InteropServices;
using PaimonSharp.Bench.Kit;

namespace PaimonSharp.Bench.Macro;

/// <summary>
/// From the start of the command-line tool to the first row of a small table, against an empty .NET program of the same build
/// settings. The floor is 0.3 s.
/// </summary>
internal static class StartupWorkload
{
    private const int TableRows = 1000;

    /// <summary>Builds both programs where they are not current, then measures.</summary>
    public static async Task<Report> MeasureAsync(MacroOptions options)
    {
        var root = FindRoot();
        var empty = await BuildEmptyProgramAsync(root);
        var launcher = Path.Combine(root, "paimonsharp");
        await RunAsync(launcher, "--help");
        var tool = Path.Combine(root, "artifacts", "paimonsharp", "paimonsharp");
        var warehouse = Path.Combine(options.Folder, "startup");
        try
        {
            await using (var writer = (await OrderTable.CreateAsync(warehouse, new Dictionary<string, string>())).NewWriter())
            {
                await new OrderTable(TableRows).WriteAsync(writer);
            }

            string[] scan = ["scan", "bench.orders", "--warehouse", warehouse, "--limit", "10", "--json"];
            return await Harness.MeasureAsync(
                "startup to the first scanned row",
                options.Runs,
                [
                    new Contender("paimonsharp scan", () => Harness.StartAsync(tool, scan)),
                    new Contender("./paimonsharp scan (launcher)", () => Harness.StartAsync(launcher, scan)),
                    new Contender("empty program", () => Harness.StartAsync(empty)),
                ]);
        }
        finally
        {
            Directory.Delete(warehouse, recursive: true);
        }
    }

    // The settings are those of ./paimonsharp: compiled ahead of time where the runtime's package can be had.
    private static async Task<string> BuildEmptyProgramAsync(string root)
    {
        var folder = Path.Combine(root, "artifacts", "empty-program");
        string[] publish =
        [
            "publish", Path.Combine(root, "bench", "EmptyProgram"), "-c", "Release", "-o", folder, "-v", "q", "-nologo",
            "--artifacts-path", Path.Combine(root, "artifacts", "empty-program-build"), "-nodeReuse:false",
            "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false",
            "-p:SeparateLockFiles=true", "-p:DebugType=none",
        ];
        string[] ahead =
        [
            .. publish, "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true",
        ];
        if (await ExitCodeAsync("dotnet", ahead) != 0)
        {
            await RunAsync("dotnet", publish);
        }

        return Path.Combine(folder, "empty-program");
    }

    private static async Task RunAsync(string program, params IReadOnlyList<string> arguments)
    {
        if (await ExitCodeAsync(program, arguments) is not 0 and var code)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {code}.");
        }
    }

    private static async Task<int> ExitCodeAsync(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await output;
        return process.ExitCode;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PaimonSharp.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no checkout of the project.");
    }
}
