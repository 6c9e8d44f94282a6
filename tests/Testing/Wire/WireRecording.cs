using System.Text.Json;

namespace PaimonSharp.Testing.Wire;

/// <summary>Packets recorded between a client and a real server: one JSON line for the circumstances, then one per packet.</summary>
public sealed class WireRecording
{
    private WireRecording(JsonElement meta, IReadOnlyList<WirePacket> packets)
    {
        Meta = meta;
        Packets = packets;
    }

    /// <summary>User, password, note, result.</summary>
    public JsonElement Meta { get; }

    /// <summary>The packets in order.</summary>
    public IReadOnlyList<WirePacket> Packets { get; }

    /// <summary>Reads a recording; skips the test when it is not on this machine.</summary>
    /// <param name="name">Folder and file below the collection of binlogs, without extension.</param>
    public static WireRecording Load(string name)
    {
        var path = Path.Combine(GoldenData.Binlogs, name + ".jsonl");
        Assert.SkipUnless(File.Exists(path), $"{name} is not on this machine: set PAIMON_BINLOGS");
        var lines = File.ReadAllLines(path);
        return new(
            JsonDocument.Parse(lines[0]).RootElement.GetProperty("meta"),
            [.. lines.Skip(1).Where(l => l.Length > 0).Select(WirePacket.Parse)]);
    }
}
