using System.Globalization;
using System.IO.Compression;
using static TorchSharp.torch;

namespace Digits.Data;

/// <summary>The handwritten digits, split by writer: the first 1,200 images to train, the last 597 to test.</summary>
/// <param name="TrainImages">[1200, 1, 8, 8], pixels from 0 (background) to 1 (ink).</param>
/// <param name="TrainLabels">[1200] digits.</param>
/// <param name="TestImages">[597, 1, 8, 8].</param>
/// <param name="TestLabels">[597] digits.</param>
internal sealed record DigitsData(Tensor TrainImages, Tensor TrainLabels, Tensor TestImages, Tensor TestLabels)
{
    private const int TrainCount = 1200, Side = 8, Pixels = Side * Side;

    /// <summary>Reads the file that lies beside the program.</summary>
    /// <exception cref="IOException">The file is missing or is not what it should be.</exception>
    public static DigitsData Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The data file '{path}' is missing. Build the sample again, which copies it there, or name it with --data.");
        }

        List<float> pixels = [];
        List<long> labels = [];
        try
        {
            using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
            reader.ReadLine();
            while (reader.ReadLine() is { } line)
            {
                int[] row = [.. line.Split(',').Select(cell => int.Parse(cell, CultureInfo.InvariantCulture))];
                if (row[..Pixels].Any(pixel => pixel is < 0 or > 16) || row[Pixels] is < 0 or > 9)
                {
                    throw new FormatException("a pixel that is not from 0 to 16, or a label that is no digit");
                }

                pixels.AddRange(row[..Pixels].Select(pixel => pixel / 16f));
                labels.Add(row[Pixels]);
            }
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or OverflowException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException($"The data file '{path}' is damaged: line {labels.Count + 2} does not hold {Pixels} pixels from 0 to 16 and a digit.", e);
        }

        if (labels.Count <= TrainCount)
        {
            throw new InvalidDataException($"The data file '{path}' is damaged: it holds {labels.Count} images, and more than {TrainCount} are needed.");
        }

        Tensor images = tensor(pixels.ToArray()).reshape(-1, 1, Side, Side);
        Tensor digits = tensor(labels.ToArray());
        return new(images[..TrainCount], digits[..TrainCount], images[TrainCount..], digits[TrainCount..]);
    }
}
