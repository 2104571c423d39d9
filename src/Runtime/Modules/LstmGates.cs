using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>One LSTM cell with quantized input and weight, for as many steps as one forward pass takes.</summary>
/// <param name="InputQuantizer">Quantizes input and hidden state together, at each step.</param>
/// <param name="Weight">Both weights side by side, quantized once: [4 · hidden, input + hidden]; input, forget, cell and output gate below each other.</param>
/// <param name="Bias">The sum of both biases, or null.</param>
internal sealed record LstmGates(TensorQuantizer InputQuantizer, Tensor Weight, Tensor? Bias)
{
    /// <summary>Quantizes the weights.</summary>
    public static LstmGates Of(
        TensorQuantizer inputQuantizer, TensorQuantizer weightQuantizer, Tensor weight_ih, Tensor weight_hh, Tensor? bias_ih, Tensor? bias_hh)
        => new(inputQuantizer, weightQuantizer.call(cat([weight_ih, weight_hh], 1)), bias_ih is null ? null : bias_ih + bias_hh!);

    /// <summary>One step.</summary>
    public (Tensor H, Tensor C) Step(Tensor input, Tensor h, Tensor c)
    {
        using var scope = NewDisposeScope();
        (Tensor hidden, Tensor cell) = Next(nn.functional.linear(InputQuantizer.call(cat([input, h], 1)), Weight, Bias), c);
        return (hidden.MoveToOuterDisposeScope(), cell.MoveToOuterDisposeScope());
    }

    /// <summary>The states after a step (Hochreiter and Schmidhuber, 1997): c' = σ(f) · c + σ(i) · tanh(g), h' = σ(o) · tanh(c').</summary>
    /// <param name="sums">Input, forget, cell and output gate side by side, before their activations: [batch, 4 · hidden].</param>
    /// <param name="c">The cell state before.</param>
    public static (Tensor H, Tensor C) Next(Tensor sums, Tensor c)
    {
        using var scope = NewDisposeScope();
        Tensor[] gates = sums.chunk(4, 1);
        Tensor cell = gates[1].sigmoid().mul(c).add_(gates[0].sigmoid().mul(gates[2].tanh()));
        Tensor hidden = gates[3].sigmoid().mul(cell.tanh());
        return (hidden.MoveToOuterDisposeScope(), cell.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// All steps of a sequence, forwards or backwards. The batch may shrink from step to step, as in packed sequences: the longest sequences come first.
    /// </summary>
    /// <param name="steps">The inputs, [batch, input] each.</param>
    /// <param name="h0">The hidden state before, for the whole batch.</param>
    /// <param name="c0">The cell state before, for the whole batch.</param>
    /// <param name="reverse">Whether the last step comes first.</param>
    /// <returns>The hidden state after each step, in the order of the steps, and both states after the last one of each sequence.</returns>
    public (Tensor[] Outputs, Tensor H, Tensor C) Run(IReadOnlyList<Tensor> steps, Tensor h0, Tensor c0, bool reverse)
    {
        Tensor[] outputs = new Tensor[steps.Count];
        Stack<(Tensor H, Tensor C)> finished = new();
        long active = steps[reverse ? steps.Count - 1 : 0].shape[0];
        (Tensor h, Tensor c) = (h0.narrow(0, 0, active), c0.narrow(0, 0, active));
        for (int i = 0; i < steps.Count; i++)
        {
            int t = reverse ? steps.Count - 1 - i : i;
            long next = steps[t].shape[0];
            if (next < active)
            {
                finished.Push((h.narrow(0, next, active - next), c.narrow(0, next, active - next)));
                (h, c) = (h.narrow(0, 0, next), c.narrow(0, 0, next));
            }
            else if (next > active)
            {
                (h, c) = (cat([h, h0.narrow(0, active, next - active)], 0), cat([c, c0.narrow(0, active, next - active)], 0));
            }

            (h, c) = Step(steps[t], h, c);
            (outputs[t], active) = (h, next);
        }

        return finished.Count == 0
            ? (outputs, h, c)
            : (outputs, cat([h, .. finished.Select(state => state.H)], 0), cat([c, .. finished.Select(state => state.C)], 0));
    }
}
