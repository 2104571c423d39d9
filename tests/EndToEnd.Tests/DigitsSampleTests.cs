using System.Text.Json;
using System.Text.Json.Nodes;

namespace QuantGen.Tests;

public sealed class DigitsSampleTests
{
    [Fact]
    public void The_main_job_reaches_its_numbers()
    {
        using TemporaryFolder folder = new();

        (int exitCode, string output, string error) = DigitsProcess.Run("--out", folder.Path);

        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        Assert.Contains(folder.Path, output);
        JsonElement results = DigitsProcess.Results(folder.Path);
        (double floating, double floatLoss) = Score(results.GetProperty("float"));
        Assert.InRange(floating, 0.98, 1);

        JsonElement ptq = results.GetProperty("int8Ptq");
        double best = new[] { "max", "entropy", "percentile", "mse" }.Max(method => Score(ptq.GetProperty(method)).Accuracy);
        Assert.InRange(best, floating - 0.005, 1);

        // By the loss: of so few images, accuracy tells by single ones, which differ from processor to processor.
        (_, double calibratedLoss) = Score(results.GetProperty("int4").GetProperty("ptq"));
        (double fineTuned, double fineTunedLoss) = Score(results.GetProperty("int4").GetProperty("qat"));
        Assert.True(calibratedLoss > 1.2 * floatLoss, "4 bits cost nothing, so that fine-tuning shows nothing");
        Assert.InRange(fineTunedLoss, 0, (floatLoss + calibratedLoss) / 2);
        Assert.InRange(fineTuned, floating - 0.01, 1);

        JsonElement exports = results.GetProperty("onnx");
        JsonElement onnxRuntime = exports.GetProperty("onnxRuntime"), tensorRT = exports.GetProperty("tensorRT");
        Assert.InRange(onnxRuntime.GetProperty("agreement").GetDouble(), 0.995, 1);
        Assert.InRange(tensorRT.GetProperty("agreement").GetDouble(), 0.99, 1);
        Assert.Equal(6, onnxRuntime.GetProperty("convs").GetInt32());
        Assert.Equal(6, onnxRuntime.GetProperty("qlinearConvs").GetInt32());
        Assert.InRange(onnxRuntime.GetProperty("bytes").GetInt64(), 1, results.GetProperty("floatOnnxBytes").GetInt64() / 2);
        Assert.True(onnxRuntime.GetProperty("latencyRatio").GetDouble() > 0);
        Assert.True(results.GetProperty("seconds").GetDouble() > 0);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        using TemporaryFolder first = new(), second = new();

        Assert.Equal(0, DigitsProcess.Run("--out", first.Path, "--epochs", "2", "--seed", "7").ExitCode);
        Assert.Equal(0, DigitsProcess.Run("--out", second.Path, "--epochs", "2", "--seed", "7").ExitCode);

        Assert.Equal(WithoutTimes(first.Path), WithoutTimes(second.Path));
    }

    [Fact]
    public void A_missing_data_file_is_one_sentence_and_exit_code_1()
    {
        using TemporaryFolder folder = new();

        (int exitCode, _, string error) = DigitsProcess.Run("--out", folder.Path, "--data", "nowhere.csv.gz");

        Assert.Equal(1, exitCode);
        Assert.Equal("The data file 'nowhere.csv.gz' is missing. Build the sample again, which copies it there, or name it with --data.", error.Trim());
    }

    [Fact]
    public void A_damaged_data_file_is_one_sentence_and_exit_code_1()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "digits.csv.gz");
        File.WriteAllText(path, "not a gzip file");

        (int exitCode, _, string error) = DigitsProcess.Run("--out", folder.Path, "--data", path);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"The data file '{path}' is damaged", error);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public void An_output_folder_that_cannot_be_written_is_one_sentence_and_exit_code_1()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "file");
        File.WriteAllText(file, "");

        (int exitCode, _, string error) = DigitsProcess.Run("--out", Path.Combine(file, "inside"));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"The output folder '{Path.Combine(file, "inside")}' cannot be written", error);
        Assert.EndsWith("Name another one with --out.", error.Trim());
        Assert.Single(error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("x")]
    public void An_impossible_number_of_epochs_is_refused(string epochs)
    {
        (int exitCode, _, string error) = DigitsProcess.Run("--epochs", epochs);

        Assert.Equal(1, exitCode);
        Assert.Contains("--epochs must be at least 1.", error);
        Assert.DoesNotContain("Unhandled", error);
    }

    [Fact]
    public void An_empty_name_of_the_output_folder_is_refused()
    {
        (int exitCode, _, string error) = DigitsProcess.Run("--out", "");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The output folder '' cannot be written", error);
    }

    [Theory]
    [InlineData("99999999999")]
    [InlineData("17")]
    [InlineData("-1")]
    public void A_pixel_that_is_none_is_one_sentence_and_exit_code_1(string pixel)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "digits.csv.gz");
        using (StreamWriter writer = new(new System.IO.Compression.GZipStream(File.Create(path), System.IO.Compression.CompressionMode.Compress)))
        {
            writer.WriteLine("header");
            writer.WriteLine(string.Join(',', Enumerable.Repeat(pixel, 64).Append("3")));
        }

        (int exitCode, _, string error) = DigitsProcess.Run("--out", folder.Path, "--data", path);

        Assert.Equal(1, exitCode);
        Assert.Equal($"The data file '{path}' is damaged: line 2 does not hold 64 pixels from 0 to 16 and a digit.", error.Trim());
    }

    private static string WithoutTimes(string folder)
    {
        JsonObject results = JsonNode.Parse(DigitsProcess.Results(folder).GetRawText())!.AsObject();
        results.Remove("seconds");
        foreach (string export in new[] { "tensorRT", "onnxRuntime" })
        {
            results["onnx"]![export]!.AsObject().Remove("latencyRatio");
        }

        return results.ToJsonString();
    }

    private static (double Accuracy, double Loss) Score(JsonElement score) => (score.GetProperty("accuracy").GetDouble(), score.GetProperty("loss").GetDouble());
}
