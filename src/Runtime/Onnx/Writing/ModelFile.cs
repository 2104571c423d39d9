using Google.Protobuf;
using QuantGen.Onnx.Proto;

namespace QuantGen.Onnx.Writing;

/// <summary>Writes a model in one step: the file is complete, or as it was before.</summary>
internal static class ModelFile
{
    /// <summary>The full path of a file that can be written.</summary>
    /// <exception cref="IOException">The folder does not exist, or the path is a folder.</exception>
    public static string Resolve(string path)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full) ?? full;
        if (Directory.Exists(full))
        {
            throw new IOException($"'{full}' is a folder; give the ONNX file a name in it.");
        }

        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"The folder '{folder}' for the ONNX file does not exist; create it first.");
        }

        return full;
    }

    /// <summary>Writes the file and says how large it is.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    public static long Write(string path, ModelProto model)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                model.WriteTo(stream);
            }

            File.Move(temporary, path, overwrite: true);
            return new FileInfo(path).Length;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(
                $"The ONNX file '{path}' cannot be written: you have no permission to write there; choose another folder.", e);
        }
        catch (IOException e)
        {
            throw new IOException($"The ONNX file '{path}' cannot be written: {e.Message}", e);
        }
        finally
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }
}
