using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;
using PaimonSharp.Storage.Formats;
using PaimonSharp.Storage.Formats.Parquet;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tests.Parquet;

/// <summary>Writes and reads whole Parquet files.</summary>
internal static class ParquetFiles
{
    public static async Task<FormatWriteResult> WriteAsync(
        IFileIO io, string path, RowType rowType, IReadOnlyList<ColumnVector> columns, FormatWriterOptions options, int batch = 1000)
    {
        var cancel = TestContext.Current.CancellationToken;
        var rows = columns[0].Length;
        var file = await io.CreateAsync(path, cancel);
        await using var writer = ParquetFileFormat.Instance.CreateWriter(file, rowType, options);
        for (var start = 0; start < rows; start += batch)
        {
            await writer.WriteAsync(columns, start, Math.Min(batch, rows - start), cancel);
        }

        return await writer.FinishAsync(cancel);
    }

    public static async Task<ColumnVector[]> ReadAsync(IFileIO io, string path, RowType rowType, int batch = 1000)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var reader = await ParquetFileFormat.Instance.OpenAsync(await io.OpenAsync(path, cancel), cancel);
        await using var cursor = reader.OpenCursor(rowType);
        ColumnVector[] columns = [.. rowType.Fields.Select(field => ColumnVector.Create(field.Type))];
        while (await cursor.ReadAsync(columns, batch, cancel) > 0)
        {
        }

        Assert.Equal(reader.RowCount, cursor.Position);
        return columns;
    }
}
