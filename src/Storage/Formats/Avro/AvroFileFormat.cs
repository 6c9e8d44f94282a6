using PaimonSharp.Data;
using PaimonSharp.Data.Errors;
using PaimonSharp.Data.Types;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats.Avro;

/// <summary>
/// Avro data files (docs/format.md#avro-data-files): all types save TIME beyond milliseconds, TIMESTAMP beyond microseconds and
/// VARIANT. Rows can only be read in order; blocks that are skipped whole are not decompressed.
/// </summary>
/// <param name="ids">Where the markers between blocks come from; random by default.</param>
internal sealed class AvroFileFormat(IdSource? ids = null) : IFileFormat
{
    /// <inheritdoc/>
    public string Identifier => "avro";

    /// <inheritdoc/>
    public IFormatWriter CreateWriter(IOutputFile file, RowType rowType, FormatWriterOptions options)
    {
        if (options.Compression.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            PaimonException.ThrowInvalid("Avro files have no compression 'none': write 'null'.");
        }

        if (rowType.Fields.FirstOrDefault(field => HasOtherMultiset(field.Type)) is { } multiset)
        {
            PaimonException.ThrowInvalid($"The column {multiset}: Avro files hold multisets of texts only; use parquet.");
        }

        return new AvroFormatWriter(
            file, rowType, AvroCodec.OfOption(options.Compression, options.ZstdLevel), ids ?? IdSource.System);
    }

    // Paimon reads them and cannot write them.
    private static bool HasOtherMultiset(DataType type) => type switch
    {
        MultisetType multiset => multiset.Element.Root is not (TypeRoot.Char or TypeRoot.VarChar),
        ArrayType array => HasOtherMultiset(array.Element),
        MapType map => HasOtherMultiset(map.Key) || HasOtherMultiset(map.Value),
        RowType row => row.Fields.Any(field => HasOtherMultiset(field.Type)),
        _ => false,
    };

    /// <inheritdoc/>
    public async ValueTask<IFormatReader> OpenAsync(IInputFile file, CancellationToken cancellationToken)
    {
        var container = await AvroContainer.OpenAsync(file, cancellationToken).ConfigureAwait(false);
        try
        {
            return await AvroFormatReader.OpenAsync(container, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await container.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
