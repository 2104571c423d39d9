using System.IO.MemoryMappedFiles;

namespace QuantGen.Checkpoints.Files;

/// <summary>A file that is mapped into memory.</summary>
internal sealed unsafe class MappedFile : ByteSource, IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;

    private MappedFile(string path, MemoryMappedFile file, long length)
        : base(path, length)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read it, or it is a folder.</exception>
    /// <exception cref="CheckpointException">It is empty.</exception>
    public static MappedFile Open(string path)
    {
        using FileStream stream = File.OpenRead(path);
        long length = stream.Length;
        if (length == 0)
        {
            throw CheckpointException.Damaged(path, "byte 0", "the file is empty");
        }

        MemoryMappedFile file = MemoryMappedFile.CreateFromFile(stream, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        return new(path, file, length);
    }

    /// <summary>Gives the file back to the system.</summary>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Bytes(long offset, int count) => new(_bytes + offset, count);
}
