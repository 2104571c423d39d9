using Spectre.Console;

namespace Digits.Reporting;

/// <summary>A progress bar a stage, for terminals.</summary>
internal sealed class LiveLog : IProgressLog
{
    public void Stage(string title, int steps, Action<Action<string>> work)
        => AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context =>
            {
                ProgressTask task = context.AddTask(title.EscapeMarkup(), maxValue: steps);
                work(note =>
                {
                    task.Description = $"{title.EscapeMarkup()} [grey]{note.EscapeMarkup()}[/]";
                    task.Increment(1);
                });
            });
}
