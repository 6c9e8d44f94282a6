using System.Text;
using System.Text.Json;
using PaimonSharp.Cli;
using PaimonSharp.Data.Text;
using PaimonSharp.Storage;
using PaimonSharp.Storage.Io;
using PaimonSharp.Storage.Tables;
using PaimonSharp.Testing;

namespace PaimonSharp.Golden.Tests.Tables;

/// <summary>What <c>paimonsharp scan --path TABLE … --json</c>, or <c>tail</c>, answered.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Lines">The lines of standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record ScanResult(int ExitCode, IReadOnlyList<string> Lines, string Error)
{
    public static Task<ScanResult> OfAsync(string table, params IEnumerable<string> arguments) =>
        RunAsync("scan", table, arguments);

    /// <summary>What a stream gives until it has come to the newest snapshot.</summary>
    public static Task<ScanResult> OfStreamAsync(string table, params IEnumerable<string> arguments) =>
        RunAsync("tail", table, ["--once", .. arguments]);

    private static async Task<ScanResult> RunAsync(string command, string table, IEnumerable<string> arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var code = await PaimonSharpCommand.RunAsync(
            [command, "--path", table, "--json", .. arguments], new Terminal(output, error, _ => null));
        var text = Encoding.UTF8.GetString(output.ToArray());
        return new ScanResult(code, text.Split('\n', StringSplitOptions.RemoveEmptyEntries), error.ToString());
    }

    /// <summary>The same of a table that names files below <c>/tmp/external</c>, which are in another folder.</summary>
    public static async Task<ScanResult> OfExternalAsync(string table, string external, long? snapshot)
    {
        var environment = new StorageEnvironment(new RelocatedFileIO(new LocalFileIO(), "/tmp/external", external));
        var opened = await Table.OpenAsync(table, environment: environment);
        var scan = snapshot is null ? opened.NewScan() : opened.NewScan().AsOfSnapshot(snapshot.Value);
        using var output = new MemoryStream();
        await foreach (var batch in scan.ReadBatchesAsync())
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                await using var writer = new Utf8JsonWriter(output, JsonValueWriter.LineOptions);
                JsonValueWriter.WriteRow(writer, batch, row);
                await writer.FlushAsync();
                output.WriteByte((byte)'\n');
            }
        }

        var text = Encoding.UTF8.GetString(output.ToArray());
        return new ScanResult(0, text.Split('\n', StringSplitOptions.RemoveEmptyEntries), "");
    }
}
