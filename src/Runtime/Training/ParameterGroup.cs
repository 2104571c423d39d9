using TorchSharp.Modules;

namespace QuantGen;

/// <summary>Parameters with options of their own; what is null is the optimizer's.</summary>
/// <param name="Parameters">The parameters with their names.</param>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="Momentum">The momentum.</param>
/// <param name="WeightDecay">The weight decay.</param>
public sealed record ParameterGroup(
    IReadOnlyList<(string Name, Parameter Parameter)> Parameters, double? LearningRate, double? Momentum, double? WeightDecay)
{
    /// <summary>The group as stochastic gradient descent takes it: <c>optim.SGD(groups.Select(g => g.ToSgd(0.01)))</c>.</summary>
    /// <param name="learningRate">The rate where the group has none.</param>
    /// <param name="momentum">The momentum where the group has none.</param>
    /// <param name="weightDecay">The decay where the group has none.</param>
    public SGD.ParamGroup ToSgd(double learningRate, double momentum = 0, double weightDecay = 0)
        => new(Parameters.Select(entry => entry.Parameter), LearningRate ?? learningRate, Momentum ?? momentum, weight_decay: WeightDecay ?? weightDecay);

    /// <summary>The group as Adam takes it, which has no momentum of this kind.</summary>
    /// <param name="learningRate">The rate where the group has none.</param>
    /// <param name="weightDecay">The decay where the group has none.</param>
    public Adam.ParamGroup ToAdam(double learningRate, double weightDecay = 0)
        => new(Parameters.Select(entry => entry.Parameter), LearningRate ?? learningRate, weight_decay: WeightDecay ?? weightDecay);
}
