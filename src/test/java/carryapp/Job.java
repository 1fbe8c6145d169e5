package carryapp;

import java.util.ArrayList;
import java.util.List;

/** Looks like a bean, and holds a thread. */
public class Job {

  private final List<Object> steps = new ArrayList<>();
  private int runs;

  public Job() {
    steps.add("first");
    steps.add(new Thread());
  }

  void run() {
    runs++;
  }

  @Override
  public String toString() {
    return "Job, " + steps.size() + " steps, run " + runs + " times";
  }
}
