using System.Buffers;
using System.Text.Json;
using PaimonSharp.Data;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cli.Rows;

/// <summary>One JSON object per row and line; changes begin with <c>_snapshot</c> and <c>_row_kind</c>.</summary>
internal sealed class JsonRowPrinter : IRowPrinter, IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _buffer = new(BufferBytes);
    private readonly Utf8JsonWriter _writer;

    public JsonRowPrinter(Stream output)
    {
        _output = output;
        _writer = new Utf8JsonWriter(_buffer, JsonValueWriter.LineOptions);
    }

    public void Print(ColumnBatch batch, int start, int count, long? snapshotId = null)
    {
        for (var row = start; row < start + count; row++)
        {
            _writer.Reset();
            _writer.WriteStartObject();
            if (snapshotId is not null)
            {
                _writer.WriteNumber("_snapshot", snapshotId.Value);
                _writer.WriteString("_row_kind", batch.KindOf(row).ToShortText());
            }

            JsonValueWriter.WriteMembers(_writer, batch, row);
            _writer.WriteEndObject();
            _writer.Flush();
            _buffer.Write("\n"u8);
            if (_buffer.WrittenCount >= BufferBytes / 2)
            {
                Flush();
            }
        }
    }

    public void Flush()
    {
        _output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    public void Dispose() => _writer.Dispose();
}
