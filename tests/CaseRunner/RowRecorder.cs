using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using PaimonSharp.Data;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.CaseRunner;

/// <summary>Rows as JSON arrays, or their count and checksum.</summary>
/// <param name="isChecksum">True to keep only the checksum.</param>
/// <param name="withKinds">True to begin every row with its kind.</param>
internal sealed class RowRecorder(bool isChecksum, bool withKinds = false)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly JsonArray _rows = [];
    private readonly JsonArray _kinds = [];
    private ulong _checksum;
    private bool _hasKinds = true;

    /// <summary>The rows added.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the rows of a batch.</summary>
    public void Add(ColumnBatch batch)
    {
        _hasKinds &= batch.Kinds is not null;
        for (var row = 0; row < batch.RowCount; row++)
        {
            Count++;
            var text = Text(batch, row);
            if (isChecksum)
            {
                _checksum += BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(text));
            }
            else
            {
                _rows.Add(JsonNode.Parse(text));
                _kinds.Add(batch.KindOf(row).ToShortText());
            }
        }
    }

    /// <summary>Writes count and rows, or count and checksum, into an object.</summary>
    public void WriteTo(JsonObject target, bool showKinds = false)
    {
        target["count"] = Count;
        if (isChecksum)
        {
            target["checksum"] = _checksum.ToString("x16", CultureInfo.InvariantCulture);
            return;
        }

        target["rows"] = _rows;
        if (showKinds && _hasKinds)
        {
            target["kinds"] = _kinds;
        }
    }

    /// <summary>The values of vectors of one row.</summary>
    public static JsonArray Values(IReadOnlyList<ColumnVector> columns, int row = 0)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonValueWriter.LineOptions))
        {
            writer.WriteStartArray();
            foreach (var column in columns)
            {
                JsonValueWriter.Write(writer, column, row);
            }

            writer.WriteEndArray();
        }

        return JsonNode.Parse(buffer.WrittenSpan)!.AsArray();
    }

    private ReadOnlySpan<byte> Text(ColumnBatch batch, int row)
    {
        _buffer.Clear();
        using (var writer = new Utf8JsonWriter(_buffer, JsonValueWriter.LineOptions))
        {
            writer.WriteStartArray();
            if (withKinds)
            {
                writer.WriteStringValue(batch.KindOf(row).ToShortText());
            }

            foreach (var column in batch.Columns)
            {
                JsonValueWriter.Write(writer, column, row);
            }

            writer.WriteEndArray();
        }

        return _buffer.WrittenSpan;
    }
}
