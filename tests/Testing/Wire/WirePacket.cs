using System.Text.Json;

namespace PaimonSharp.Testing.Wire;

/// <summary>One packet of a <see cref="WireRecording"/>.</summary>
/// <param name="FromServer">Who sent it.</param>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="Payload">Its payload.</param>
public sealed record WirePacket(bool FromServer, byte Sequence, byte[] Payload)
{
    /// <summary>Reads one line.</summary>
    /// <param name="line">The JSON text.</param>
    public static WirePacket Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        return new(
            root.GetProperty("dir").GetString() == "S",
            root.GetProperty("seq").GetByte(),
            Convert.FromHexString(root.GetProperty("payload").GetString()!));
    }
}
