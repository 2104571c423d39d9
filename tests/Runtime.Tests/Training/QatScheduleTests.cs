using static TorchSharp.torch;

namespace QuantGen.Tests.Training;

public sealed class QatScheduleTests
{
    [Fact]
    public void A_tenth_of_the_epochs_starts_at_a_hundredth_of_the_rate_and_ends_at_a_hundredth_of_that()
    {
        QatSchedule schedule = QatSchedule.After(trainingEpochs: 90, trainingLearningRate: 0.1);

        Assert.Equal(9, schedule.Epochs);
        Assert.Equal(0.001, schedule.LearningRate, 12);
        Assert.Equal(0.00001, schedule.FinalLearningRate, 12);
        Assert.Equal(0.001, schedule.LearningRateAt(0), 12);
        Assert.Equal(0.000505, schedule.LearningRateAt(4.5), 12);
        Assert.Equal(0.00001, schedule.LearningRateAt(9), 12);
    }

    [Fact]
    public void A_short_training_is_followed_by_one_epoch() => Assert.Equal(1, QatSchedule.After(3, 0.1).Epochs);

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(10, 0)]
    [InlineData(10, -1)]
    public void Impossible_trainings_are_refused(int epochs, double rate)
        => Assert.Throws<ArgumentOutOfRangeException>(() => QatSchedule.After(epochs, rate));

    [Fact]
    public void The_scheduler_follows_the_schedule()
    {
        QatSchedule schedule = QatSchedule.After(40, 1);
        using var linear = nn.Linear(2, 2);
        using var optimizer = optim.SGD(linear.parameters(), schedule.LearningRate);
        var scheduler = schedule.CreateScheduler(optimizer);

        for (int epoch = 0; epoch <= schedule.Epochs; epoch++)
        {
            Assert.Equal(schedule.LearningRateAt(epoch), optimizer.ParamGroups.Single().LearningRate, 9);
            optimizer.step();
            scheduler.step();
        }
    }
}
