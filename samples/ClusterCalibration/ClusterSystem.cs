using Akka.Actor;
using Akka.Configuration;

namespace ClusterCalibration;

/// <summary>An actor system that is a member of the cluster, on loopback.</summary>
internal static class ClusterSystem
{
    private const string Name = "calibration";

    public static ActorSystem Create(string role) => ActorSystem.Create(Name, ConfigurationFactory.ParseString(
        $$"""
        akka {
          loglevel = ERROR
          stdout-loglevel = OFF
          actor.provider = cluster
          coordinated-shutdown.exit-clr = off
          remote.dot-netty.tcp {
            hostname = "127.0.0.1"
            port = 0
            # A shard's statistics are larger than the 128 kB that are the default.
            maximum-frame-size = 16000000b
            send-buffer-size = 16000000b
            receive-buffer-size = 16000000b
          }
          cluster {
            roles = ["{{role}}"]
            # A dead worker is noticed within a few seconds.
            failure-detector {
              heartbeat-interval = 500ms
              acceptable-heartbeat-pause = 4s
            }
          }
        }
        """));
}
