using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Binlog.Json;

/// <summary>Prints the row changes of binlog files as JSON lines: what <c>paimonsharp binlog</c> does.</summary>
public static class BinlogPrinter
{
    private const int FlushBytes = 1 << 16;

    /// <summary>Prints files one after the other. Rows before an error are printed.</summary>
    /// <param name="files">The files in the order of the log.</param>
    /// <param name="raw">True for stored forms by ordinal, false for names and texts.</param>
    /// <param name="output">Gets one JSON object a line.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    /// <exception cref="PaimonException">Unsupported: a feature of the log. Corrupt: a damaged file.</exception>
    public static async Task PrintAsync(
        IReadOnlyList<BinlogFile> files, bool raw, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(output);
        var lines = new ArrayBufferWriter<byte>(FlushBytes * 2);
        var parser = new BinlogEventParser(isStream: false);
        var reader = new BinlogFileReader(files, parser);
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using var json = new Utf8JsonWriter(lines, options);
        var printer = new EventPrinter(raw, parser, lines, json);
        try
        {
            while (await reader.ReadEventAsync(cancellationToken).ConfigureAwait(false))
            {
                printer.Print(reader);
                if (lines.WrittenCount >= FlushBytes)
                {
                    await FlushAsync().ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await FlushAsync().ConfigureAwait(false);
            await reader.DisposeAsync().ConfigureAwait(false);
        }

        async ValueTask FlushAsync()
        {
            await output.WriteAsync(lines.WrittenMemory, cancellationToken).ConfigureAwait(false);
            lines.ResetWrittenCount();
        }
    }

    /// <summary>Walks over the events that are there without waiting.</summary>
    private sealed class EventPrinter(bool raw, BinlogEventParser parser, ArrayBufferWriter<byte> lines, Utf8JsonWriter json)
    {
        private readonly RawRowWriter _rawWriter = new();
        private readonly PersonRowWriter _personWriter = new();
        private string _gtid = string.Empty;

        public void Print(BinlogFileReader reader)
        {
            do
            {
                parser.Feed(reader.CurrentEvent);
                while (parser.TryNext(out var next))
                {
                    PrintEvent(next);
                }
            }
            while (lines.WrittenCount < FlushBytes && reader.TryReadBuffered());
        }

        private void PrintEvent(BinlogEvent next)
        {
            if (next is GtidEvent gtid)
            {
                _gtid = gtid.Gtid is null && gtid.MariaGtid is null ? string.Empty : gtid.Text;
            }
            else if (next is RowsEvent { Table: not null } rows)
            {
                var before = lines.WrittenCount;
                try
                {
                    if (raw)
                    {
                        _rawWriter.Write(rows, lines, json);
                    }
                    else
                    {
                        _personWriter.Write(rows, parser.File, _gtid, lines, json);
                    }
                }
                catch (CorruptDataException error)
                {
                    DropHalfLine(before);
                    throw new CorruptDataException($"{rows.Table}: {error.Detail}", parser.File, (long)rows.Start, error);
                }
                catch (PaimonException)
                {
                    DropHalfLine(before);
                    throw;
                }
            }
        }

        private void DropHalfLine(int before)
        {
            json.Reset();
            var text = lines.WrittenSpan;
            var end = Math.Max(before, text.LastIndexOf((byte)'\n') + 1);
            var kept = text[..end].ToArray();
            lines.ResetWrittenCount();
            lines.Write(kept);
        }
    }
}
