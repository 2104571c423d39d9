namespace Digits.Reporting;

/// <summary>Tells a person how far the run has come.</summary>
internal interface IProgressLog
{
    /// <summary>Runs a stage of known length; the work is given a function that tells of one step done.</summary>
    void Stage(string title, int steps, Action<Action<string>> work);
}
