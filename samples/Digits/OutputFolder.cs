namespace Digits;

/// <summary>The folder that the sample writes to.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder, and tries it before minutes of work depend on it.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="IOException">It cannot be made or written to.</exception>
    public static string Prepare(string path)
    {
        try
        {
            path = Path.GetFullPath(path);
            Directory.CreateDirectory(path);
            string probe = Path.Combine(path, ".write-test");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"The output folder '{path}' cannot be written ({e.Message.TrimEnd('.')}). Name another one with --out.", e);
        }
    }
}
