using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Tests.Io;

public sealed class MemoryFileIOTests : FileIOContract
{
    protected override IFileIO Files { get; } = new MemoryFileIO();

    protected override string Root => "/warehouse";
}
