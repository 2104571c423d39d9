Console.WriteLine(TorchSharp.torch.ones(2).ToString(TorchSharp.TensorStringStyle.Numpy));
