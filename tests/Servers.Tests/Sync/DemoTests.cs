using PaimonSharp.Testing;
using PaimonSharp.Testing.Processes;
using PaimonSharp.Testing.Readers;

namespace PaimonSharp.Servers.Tests.Sync;

/// <summary>The tables that the demo makes of the recorded binlog files are what independent readers read.</summary>
public sealed class DemoTests
{
    [Theory]
    [InlineData("mysql")]
    [InlineData("mariadb")]
    public async Task Tables_of_the_demo_are_proved(string recording)
    {
        using var folder = new TempDirectory("demo");
        string[] arguments =
        [
            SyncTool.Program, "sync", "--source", Path.Combine(GoldenData.Root, "samples", "demo", recording),
            "--warehouse", folder.Path,
        ];

        (await Command.RunAsync("dotnet", arguments)).EnsureSuccess();

        await TableProof.ProveWarehouseAsync(folder.Path);
    }
}
