namespace Digits;

/// <summary>The folder that the sample writes to.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder, and tries it before minutes of work depend on it.</summary>
    /// <exception cref="IOException">It cannot be made or written to.</exception>
    public static void Prepare(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            string probe = Path.Combine(path, ".write-test");
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The output folder '{path}' cannot be written ({e.Message.TrimEnd('.')}). Name another one with --out.", e);
        }
    }
}
