using PaimonSharp.Data;
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
    public IFormatWriter CreateWriter(IOutputFile file, RowType rowType, FormatWriterOptions options) =>
        new AvroFormatWriter(file, rowType, AvroCodec.OfOption(options.Compression, options.ZstdLevel), ids ?? IdSource.System);

    /// <inheritdoc/>
    public void Check(FormatWriterOptions options) => AvroCodec.OfOption(options.Compression, options.ZstdLevel);

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
