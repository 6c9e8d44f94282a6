using System.Text;
using System.Text.Json;

namespace PaimonSharp.Cli.Commands;

/// <summary>
/// Turns the JSON lines of row changes that are written to it into lines for people; an update shows what it changed:
/// <code>
/// binlog.000001:1234  insert shop.orders  id=1 status='NEW' note=NULL
/// binlog.000001:1567  update shop.orders  id=1 status='NEW' -> 'PAID' note=NULL
/// </code>
/// A GTID stands on a line of its own before its changes.
/// </summary>
internal sealed class BinlogText(Stream output) : Stream
{
    private readonly MemoryStream _partial = new();
    private readonly StringBuilder _text = new();
    private string _gtid = "";

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (var end = buffer.IndexOf((byte)'\n'); end >= 0; end = buffer.IndexOf((byte)'\n'))
        {
            _partial.Write(buffer[..end]);
            WriteChange(_partial.GetBuffer().AsMemory(0, (int)_partial.Length));
            _partial.SetLength(0);
            buffer = buffer[(end + 1)..];
        }

        _partial.Write(buffer);
        output.Write(Encoding.UTF8.GetBytes(_text.ToString()));
        _text.Clear();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void WriteChange(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var change = document.RootElement;
        var gtid = change.TryGetProperty("gtid", out var found) ? found.GetString()! : "";
        if (gtid != _gtid)
        {
            _gtid = gtid;
            _text.Append("-- ").Append(gtid.Length == 0 ? "no GTID" : gtid).Append('\n');
        }

        _text.Append(change.GetProperty("position").GetString()).Append("  ")
            .Append(change.GetProperty("kind").GetString()).Append(' ')
            .Append(change.GetProperty("table").GetString()).Append(' ');
        var hasBefore = change.TryGetProperty("before", out var before);
        var hasAfter = change.TryGetProperty("after", out var after);
        foreach (var column in (hasBefore ? before : after).EnumerateObject())
        {
            var value = Text(column.Value);
            _text.Append(' ').Append(column.Name).Append('=').Append(value);
            if (hasBefore && hasAfter && after.TryGetProperty(column.Name, out var changed) && Text(changed) is var now && now != value)
            {
                _text.Append(" -> ").Append(now);
            }
        }

        _text.Append('\n');
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "NULL",
        JsonValueKind.String => $"'{OneLine(value.GetString()!)}'",
        _ => value.GetRawText(),
    };

    private static string OneLine(string text) => text.AsSpan().IndexOfAny('\n', '\r', '\'') < 0
        ? text
        : text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("'", "''", StringComparison.Ordinal);
}
