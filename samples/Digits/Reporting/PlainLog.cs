using System.Diagnostics;

namespace Digits.Reporting;

/// <summary>One line a stage, for files and pipes.</summary>
internal sealed class PlainLog : IProgressLog
{
    public void Stage(string title, int steps, Action<Action<string>> work)
    {
        long start = Stopwatch.GetTimestamp();
        string last = "";
        work(note => last = note);
        Console.WriteLine($"{title}: {(last.Length > 0 ? last + ", " : "")}{Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
    }
}
