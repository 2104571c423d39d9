using System.IO.MemoryMappedFiles;

namespace QuantGen.Checkpoints.Files;

/// <summary>A file in memory, of which every access is checked against its length.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;

    private MappedFile(string path, MemoryMappedFile file, long length)
    {
        (Path, Length, _file) = (path, length, file);
        _view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
    }

    /// <summary>The file as it was given.</summary>
    public string Path { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

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

    /// <summary>Whether a range lies in the file.</summary>
    public bool Has(long offset, long count) => offset >= 0 && count >= 0 && offset <= Length - count;

    /// <summary>Bytes of the file, valid until it is disposed.</summary>
    /// <exception cref="CheckpointException">They are not in the file.</exception>
    public ReadOnlySpan<byte> Span(long offset, int count)
        => Has(offset, count)
            ? new(_bytes + offset, count)
            : throw CheckpointException.Damaged(Path, $"byte {offset}", $"{count} bytes are announced, but the file ends at byte {Length}");

    /// <summary>Gives the file back to the system.</summary>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
