using Spectre.Console;

namespace Digits.Reporting;

/// <summary>The closing table.</summary>
internal static class ResultsTable
{
    public static void Print(Results results, int batchSize)
    {
        Table accuracy = new Table { Title = new("Accuracy on 597 images of unseen writers") }.RoundedBorder();
        accuracy.AddColumn("Model").AddColumn(new TableColumn("Accuracy").RightAligned()).AddColumn(new TableColumn("Change").RightAligned()).AddColumn(new TableColumn("Loss").RightAligned());
        void Row(string name, Score score) => accuracy.AddRow(name, Percent(score.Accuracy), Points(score.Accuracy - results.Float.Accuracy), $"{score.Loss:F3}");
        accuracy.AddRow("float", Percent(results.Float.Accuracy), "", $"{results.Float.Loss:F3}");
        Row("8 bit, calibrated: max", results.Int8Ptq.Max);
        Row("8 bit, calibrated: entropy", results.Int8Ptq.Entropy);
        Row("8 bit, calibrated: percentile 99.99", results.Int8Ptq.Percentile);
        Row("8 bit, calibrated: mse", results.Int8Ptq.Mse);
        Row("4 bit, calibrated", results.Int4.Ptq);
        Row("4 bit, fine-tuned (QAT)", results.Int4.Qat);
        AnsiConsole.Write(accuracy);

        Table exports = new Table { Title = new("8-bit exports, run in ONNX Runtime on the CPU"), Caption = new("The file for TensorRT is run here to check its numbers; its speed is TensorRT's to show.") }.RoundedBorder();
        exports.AddColumn("").AddColumn(new TableColumn("for TensorRT").RightAligned()).AddColumn(new TableColumn("for ONNX Runtime").RightAligned());
        void Both(string name, Func<OnnxResult, string> text) => exports.AddRow(name, text(results.Onnx.TensorRT), text(results.Onnx.OnnxRuntime));
        Both("accuracy", export => Percent(export.Accuracy));
        Both("same prediction as in C#", export => Percent(export.Agreement));
        Both("largest difference of a logit", export => $"{export.MaxLogitDifference:G3}");
        Both($"file size (float: {Kilobytes(results.FloatOnnxBytes)})", export => Kilobytes(export.Bytes));
        Both($"speed against float, batch of {batchSize}", export => $"{export.LatencyRatio:F2} x");
        Both("convolutions executed in integers", export => $"{export.QlinearConvs} of {export.Convs}");
        AnsiConsole.Write(exports);
    }

    private static string Percent(double share) => $"{100 * share:F2} %";

    private static string Points(double change) => $"{100 * change:+0.00;-0.00;0.00}";

    private static string Kilobytes(long bytes) => $"{bytes / 1024.0:F0} KiB";
}
